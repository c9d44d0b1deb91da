"""OpenCode's storage: a session, its messages and their parts, each in a file."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.simulate.recordings import read_all, write_json
from tokenpak.simulate.formats.opencode import FORMAT
from tokenpak.simulate.source import Source
from tokenpak.simulate.transcripts import find, format_of, installed

SESSION = {"id": "ses_1", "projectID": "p", "directory": "/src/app", "time": {"created": 1}}
TOOL = {
    "type": "tool",
    "tool": "read",
    "callID": "c",
    "state": {"status": "completed", "input": {"filePath": "a"}, "output": "text"},
}
CALL = {"type": "tool_use", "id": "c", "name": "read", "input": {"filePath": "a"}}
RESULT = {"type": "tool_result", "tool_use_id": "c", "content": "text"}


def store(folder: Path, messages: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]]) -> Path:
    for name, (message, parts) in messages.items():
        write_json(folder / "message" / "ses_1" / f"{name}.json", {"id": name, **message})
        for number, part in enumerate(parts):
            write_json(folder / "part" / name / f"prt_{number}.json", part)
    return write_json(folder / "session" / "p" / "ses_1.json", SESSION)


USER = ({"role": "user", "time": {"created": 5000}}, [{"type": "text", "text": "go"}])
ANSWER = (
    {"role": "assistant", "modelID": "claude-sonnet-4-5", "system": ["be", "brief"]},
    [
        {"type": "step-start"},
        {"type": "reasoning", "text": "hm"},
        TOOL,
        {"type": "step-finish"},
        {"type": "step-start"},
        {"type": "text", "text": "done"},
    ],
)


def test_each_step_is_an_answer_with_its_results(tmp_path: Path) -> None:
    [found] = read_all(FORMAT, store(tmp_path, {"msg_1": USER, "msg_2": ANSWER}))

    assert (found.project, found.model) == ("/src/app", "claude-sonnet-4-5")
    assert found.system == "be\nbrief"
    assert found.messages == [
        {"role": "user", "content": [{"type": "text", "text": "go"}]},
        {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm"}, CALL]},
        {"role": "user", "content": [RESULT]},
        {"role": "assistant", "content": [{"type": "text", "text": "done"}]},
    ]
    assert found.times[0] == 5.0
    assert found.turns() == [1, 3]


def test_a_summary_begins_a_new_conversation(tmp_path: Path) -> None:
    summary = ({"role": "assistant", "summary": True}, [{"type": "text", "text": "so far"}])
    found = read_all(FORMAT, store(tmp_path, {"msg_1": USER, "msg_2": ANSWER, "msg_3": summary}))

    assert [len(each.messages) for each in found] == [4, 1]


def test_a_damaged_piece_is_counted(tmp_path: Path) -> None:
    path = store(tmp_path, {"msg_1": USER, "msg_2": ANSWER})
    (tmp_path / "part" / "msg_2" / "prt_2.json").write_text("{")
    source = Source(path)

    assert len(list(FORMAT.read(source))[0].messages) == 3
    assert source.damaged == [3]


MESSAGES = {"msg_1": USER, "msg_2": ANSWER}
SCHEMA = """
CREATE TABLE session (id TEXT PRIMARY KEY, directory TEXT NOT NULL);
CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, data TEXT);
CREATE TABLE part (id TEXT PRIMARY KEY, message_id TEXT, session_id TEXT, data TEXT);
"""


def database(path: Path, *more: tuple[str, str]) -> Path:
    """MESSAGES as versions from 1.2 on keep them; *more* are further messages, by id."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as made, made:
        made.executescript(SCHEMA)
        made.execute("INSERT INTO session VALUES ('ses_1', '/src/app')")
        for name, (message, parts) in MESSAGES.items():
            made.execute("INSERT INTO message VALUES (?, 'ses_1', ?)", (name, json.dumps(message)))
            for number, part in enumerate(parts):
                row = (f"{name}.{number}", name, json.dumps(part))
                made.execute("INSERT INTO part VALUES (?, ?, 'ses_1', ?)", row)
        for row in more:
            made.execute("INSERT INTO message VALUES (?, 'ses_1', ?)", row)
    return path


def test_the_database_holds_what_the_files_held(tmp_path: Path) -> None:
    path = database(tmp_path / "opencode.db")
    before = path.read_bytes()

    assert read_all(FORMAT, path) == read_all(FORMAT, store(tmp_path / "files", MESSAGES))
    assert path.read_bytes() == before


def test_a_damaged_row_is_passed_over(tmp_path: Path) -> None:
    source = Source(database(tmp_path / "opencode.db", ("msg_3", "{no json")))

    [found] = FORMAT.read(source)

    assert found.messages[-1]["content"] == [{"type": "text", "text": "done"}]
    assert source.damaged == [1]


def test_files_that_the_database_has_taken_over_are_not_read_again(tmp_path: Path) -> None:
    folder = tmp_path / ".local" / "share" / "opencode"
    session = store(folder / "storage", MESSAGES)
    assert installed(tmp_path) == [session] and find([folder]) == [session]

    path = database(folder / "opencode.db")

    assert installed(tmp_path) == [path] and find([folder]) == [path]


def test_another_database_is_no_transcript(tmp_path: Path) -> None:
    other = tmp_path / "opencode.db"
    with closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE session (id)")
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database" * 1000)

    assert [format_of(Source(each)) for each in (other, broken)] == [None, None]
