"""Codex's rollouts, of this year's and last year's shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.simulate.recordings import read_all, write_lines
from tokenpak.simulate.formats.codex import FORMAT


def said(role: str, text: str) -> dict[str, Any]:
    return {"type": "message", "role": role, "content": [{"type": "input_text", "text": text}]}


CALL = {"type": "function_call", "name": "exec_command", "arguments": "{}", "call_id": "c"}
OUTPUT = {"type": "function_call_output", "call_id": "c", "output": "o"}


def line(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {"timestamp": "1970-01-01T00:00:02Z", "type": kind, "payload": payload}


def test_items_of_the_wire_are_kept_and_notes_left_out(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "rollout-1.jsonl",
        line("session_meta", {"id": "x", "cwd": "/src/app", "base_instructions": {"text": "be"}}),
        line("turn_context", {"model": "gpt-5.5", "cwd": "/src/app"}),
        line("response_item", said("user", "go")),
        line("event_msg", {"type": "token_count"}),
        line("response_item", {"type": "ghost_snapshot"}),
        line("response_item", CALL),
        line("response_item", OUTPUT),
    )

    [found] = read_all(FORMAT, path)

    assert (found.project, found.model, found.system) == ("/src/app", "gpt-5.5", "be")
    assert found.messages == [said("user", "go"), CALL, OUTPUT]
    assert found.times == [2.0, 2.0, 2.0]
    assert found.turns() == [1, 3]


def test_after_a_compaction_its_own_history_goes_on(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "rollout-1.jsonl",
        line("session_meta", {"id": "x"}),
        line("response_item", said("user", "go")),
        line("response_item", CALL),
        line("compacted", {"message": "", "replacement_history": [said("user", "so far")]}),
        line("response_item", OUTPUT),
    )

    before, after = read_all(FORMAT, path)

    assert before.messages == [said("user", "go"), CALL]
    assert after.messages == [said("user", "so far"), OUTPUT]


def test_without_a_history_the_users_words_and_the_summary_go_on(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "rollout-1.jsonl",
        line("session_meta", {"id": "x"}),
        line("response_item", said("user", "go")),
        line("response_item", CALL),
        line("compacted", {"message": "done a lot"}),
        line("response_item", said("assistant", "on")),
    )

    after = read_all(FORMAT, path)[1]

    assert after.messages == [
        said("user", "go"),
        said("user", "done a lot"),
        said("assistant", "on"),
    ]


def test_bare_items_of_early_versions_are_read(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "rollout-1.jsonl",
        {"id": "x", "timestamp": "2025-05-01T00:00:00Z", "instructions": "be brief"},
        said("user", "go"),
        {"record_type": "state"},
        CALL,
    )

    [found] = read_all(FORMAT, path)

    assert found.system == "be brief"
    assert found.messages == [said("user", "go"), CALL]
