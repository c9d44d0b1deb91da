"""OpenCode's storage: a session, its messages and their parts, each in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.simulate.recordings import read_all, write_json
from tokenpak.simulate.formats.opencode import FORMAT
from tokenpak.simulate.source import Source

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
