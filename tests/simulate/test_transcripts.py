"""Which files are looked at, and who reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulate.recordings import write_json, write_lines
from tokenpak.errors import WireError
from tokenpak.simulate.source import Source
from tokenpak.simulate.transcripts import find, installed, read

TURN = [{"role": "user", "content": "u"}, {"role": "assistant", "content": "a"}]
LINES = [{"type": each["role"], "uuid": "1", "message": each} for each in TURN]


def test_folders_give_their_transcripts_and_files_themselves(tmp_path: Path) -> None:
    one = write_lines(tmp_path / "a" / "b" / "s.jsonl", {})
    other = write_json(tmp_path / "other.txt", {})
    write_json(tmp_path / "a" / "notes.md", {})

    assert find([tmp_path / "a", other, one]) == [one, other]


def test_the_pieces_of_a_session_are_no_transcripts(tmp_path: Path) -> None:
    session = write_json(tmp_path / "session" / "p" / "ses_1.json", {})
    write_json(tmp_path / "message" / "ses_1" / "msg_1.json", {})
    write_json(tmp_path / "part" / "msg_1" / "prt_1.json", {})

    assert find([tmp_path]) == [session]


@pytest.mark.parametrize(
    "place",
    [
        ".claude/projects/-src-app/1.jsonl",
        ".claude/projects/-src-app/1/subagents/agent-1.jsonl",
        ".codex/sessions/2026/11/21/rollout-1.jsonl",
        ".gemini/tmp/app/chats/session-1.json",
        ".gemini/tmp/app/checkpoint-x.json",
        ".local/share/opencode/storage/session/p/ses_1.json",
    ],
)
def test_installed_agents_are_asked_where_they_keep_theirs(tmp_path: Path, place: str) -> None:
    path = write_lines(tmp_path / place, {})
    write_lines(tmp_path / ".codex" / "history.jsonl", {})
    write_lines(tmp_path / ".gemini" / "tmp" / "app" / "logs.json", {})

    assert installed(tmp_path) == [path]


def test_what_no_format_knows_is_told(tmp_path: Path) -> None:
    with pytest.raises(WireError, match="not a transcript"):
        list(read(Source(write_json(tmp_path / "package.json", {"name": "x"}))))


def test_conversations_without_a_turn_are_left_out(tmp_path: Path) -> None:
    empty = write_lines(tmp_path / "s.jsonl", {"type": "summary", "leafUuid": "x"})
    whole = write_lines(tmp_path / "t.jsonl", *LINES)

    assert list(read(Source(empty))) == []
    assert [each.turns() for each in read(Source(whole))] == [[1]]
