"""Claude Code's lines, read as the conversations that were sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.simulate.recordings import read_all, write_lines
from tokenpak.simulate.formats.claude_code import FORMAT


def entry(kind: str, content: Any, uuid: str, parent: str | None = None, **more: Any) -> Any:
    message = {"role": kind, "content": content, **more.pop("message", {})}
    head = {"type": kind, "uuid": uuid, "parentUuid": parent, "sessionId": "s"}
    return head | {"message": message} | more


def text(words: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": words}]


def test_model_folder_and_times_come_with_the_messages(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "p" / "s.jsonl",
        {"type": "summary", "summary": "title", "leafUuid": "x"},
        entry("user", "go", "1", cwd="/src/app", timestamp="1970-01-01T00:00:01Z"),
        entry("assistant", text("a"), "2", "1", message={"id": "m", "model": "claude-opus-4-6"}),
    )

    [found] = read_all(FORMAT, path)

    assert (found.project, found.agent, found.wire) == ("/src/app", "Claude Code", "anthropic")
    assert found.model == "claude-opus-4-6"
    assert found.system is None
    assert found.times == [1.0, None]
    assert found.turns() == [1]


def test_a_compaction_begins_a_new_conversation(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "s.jsonl",
        entry("user", "old", "1"),
        entry("assistant", text("a"), "2", "1"),
        {"type": "system", "subtype": "compact_boundary", "uuid": "3", "parentUuid": None},
        entry("user", "summary", "4", "3"),
        entry("assistant", text("b"), "5", "4"),
    )

    assert [each.messages[0]["content"] for each in read_all(FORMAT, path)] == ["old", "summary"]


def test_a_sub_agent_is_a_conversation_of_its_own(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "s.jsonl",
        entry("user", "go", "1"),
        entry("user", "look", "s1", isSidechain=True),
        entry("assistant", text("a"), "2", "1"),
        entry("assistant", text("seen"), "s2", "s1", isSidechain=True),
    )

    own, sub = read_all(FORMAT, path)

    assert [each["content"] for each in own.messages] == ["go", text("a")]
    assert sub.agent == "Claude Code sub-agent"
    assert [each["content"] for each in sub.messages] == ["look", text("seen")]
