"""Gemini CLI's chats and checkpoints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.simulate.recordings import read_all, write_json, write_lines
from tokenpak.simulate.formats.gemini_cli import FORMAT

RESULT = {"functionResponse": {"id": "c", "name": "read_file", "response": {"output": "text"}}}
HEAD = {"sessionId": "s", "projectHash": "h"}
RECORDS: list[dict[str, Any]] = [
    {"id": "1", "type": "user", "content": "go", "timestamp": "1970-01-01T00:00:01Z"},
    {"id": "2", "type": "info", "content": "signed in"},
    {
        "id": "3",
        "type": "gemini",
        "content": "I read.",
        "model": "gemini-2.5-pro",
        "toolCalls": [{"id": "c", "name": "read_file", "args": {"path": "a"}, "result": [RESULT]}],
    },
]
CONTENTS = [
    {"role": "user", "parts": [{"text": "go"}]},
    {
        "role": "model",
        "parts": [
            {"text": "I read."},
            {"functionCall": {"id": "c", "name": "read_file", "args": {"path": "a"}}},
        ],
    },
    {"role": "user", "parts": [RESULT]},
]


def test_an_answer_brings_the_results_of_its_calls(tmp_path: Path) -> None:
    chat = {"sessionId": "s", "projectHash": "h", "messages": RECORDS}
    [found] = read_all(FORMAT, write_json(tmp_path / "tmp" / "app" / "chats" / "s.json", chat))

    assert (found.project, found.wire, found.model) == ("app", "gemini", "gemini-2.5-pro")
    assert found.messages == CONTENTS
    assert found.times == [1.0, None, None]
    assert found.turns() == [1, 3]


def test_of_a_record_written_twice_the_later_counts(tmp_path: Path) -> None:
    early = {"id": "3", "type": "gemini", "content": "I"}
    path = write_lines(tmp_path / "s.jsonl", HEAD, RECORDS[0], early, *RECORDS[1:])

    assert read_all(FORMAT, path)[0].messages == CONTENTS


def test_a_result_that_is_noted_twice_was_sent_once(tmp_path: Path) -> None:
    again = {"id": "4", "type": "user", "content": [RESULT]}
    path = write_lines(tmp_path / "s.jsonl", HEAD, *RECORDS, again)

    assert read_all(FORMAT, path)[0].messages == CONTENTS


def test_a_resumed_chat_goes_on_and_is_not_sent_again(tmp_path: Path) -> None:
    context = {"id": "0", "type": "user", "content": [{"text": "today is Friday"}]}
    call = {**RECORDS[2], "id": "other"}
    resumed = {"$set": {"messages": [context, RECORDS[0], call, {"type": "user", "id": "r"}]}}
    more = [
        {"id": "7", "type": "user", "content": "more"},
        {"id": "8", "type": "gemini", "content": "ok"},
    ]
    path = write_lines(
        tmp_path / "s.jsonl",
        HEAD,
        {"$set": {"messages": [context]}},
        *RECORDS,
        HEAD,
        {"$set": {"messages": [context]}},
        resumed,
        *more,
    )

    first, second = read_all(FORMAT, path)

    assert first.messages[1:] == CONTENTS and first.turns() == [2, 4]
    assert second.messages[:4] == first.messages
    assert (second.sent, second.turns()) == (4, [5])


def test_what_was_taken_back_was_sent_and_is_not_sent_on(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "s.jsonl",
        HEAD,
        *RECORDS,
        {"$rewindTo": "3"},
        {"id": "9", "type": "user", "content": "instead"},
        {"id": "10", "type": "gemini", "content": "ok"},
    )

    first, second = read_all(FORMAT, path)

    assert first.messages == CONTENTS
    assert [each["role"] for each in second.messages] == ["user", "user", "model"]
    assert second.sent == 1


@pytest.mark.parametrize(
    "checkpoint", [CONTENTS, {"clientHistory": CONTENTS, "toolCall": {}, "history": []}]
)
def test_a_checkpoint_is_a_conversation(tmp_path: Path, checkpoint: object) -> None:
    path = write_json(tmp_path / "app" / "checkpoint-x.json", checkpoint)

    assert read_all(FORMAT, path)[0].messages == CONTENTS
