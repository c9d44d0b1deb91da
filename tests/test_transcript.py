"""Claude Code's transcripts, read back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tokenpak.errors import WireError
from tokenpak.transcript import Stretch, read_transcript, stretches


def lines(*entries: dict[str, Any]) -> str:
    return "\n".join(json.dumps(each, ensure_ascii=False) for each in entries) + "\n"


def entry(role: str, content: Any, **more: Any) -> dict[str, Any]:
    return {"type": role, "message": {"role": role, "content": content}, **more}


def text(words: str) -> dict[str, str]:
    return {"type": "text", "text": words}


def test_joins_the_blocks_of_one_turn() -> None:
    transcript = lines(
        entry("user", "go"),
        entry("assistant", [text("a")]),
        entry("assistant", [text("b")]),
        entry("user", [text("c")]),
        entry("user", "d"),
    )

    assert read_transcript(transcript) == [
        {"role": "user", "content": "go"},
        {"role": "assistant", "content": [text("a"), text("b")]},
        {"role": "user", "content": [text("c"), text("d")]},
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"type": "summary", "summary": "x"},
        {"type": "file-history-snapshot"},
        entry("assistant", [text("of a sub-agent")], isSidechain=True),
        entry("assistant", []),
        {"type": "user"},
    ],
)
def test_leaves_out_what_the_agent_did_not_send(other: dict[str, Any]) -> None:
    assert read_transcript(lines(entry("user", "go"), other)) == [{"role": "user", "content": "go"}]


def test_begins_where_the_agent_last_compacted() -> None:
    transcript = lines(
        entry("user", "old"),
        {"type": "system", "subtype": "compact_boundary"},
        entry("user", "new"),
    )

    assert read_transcript(transcript) == [{"role": "user", "content": "new"}]


def test_a_line_separator_inside_a_text_ends_no_line() -> None:
    assert read_transcript(lines(entry("user", "a\u2028b")))[0]["content"] == "a\u2028b"


@pytest.mark.parametrize(
    ("transcript", "words"),
    [
        ("", "no message"),
        ('{"type": "summary"}\n', "no message"),
        (lines(entry("user", "a")) + "{broken\n", "line 2 is not JSON"),
    ],
)
def test_says_which_line_cannot_be_read(transcript: str, words: str) -> None:
    with pytest.raises(WireError, match=words):
        read_transcript(transcript)


def text_of(*stretches: Stretch) -> list[list[Any]]:
    return [[each["content"] for each in found.messages] for found in stretches]


def test_a_tool_that_answers_early_does_not_split_the_message() -> None:
    transcript = lines(
        entry("user", "go"),
        {"type": "assistant", "message": {"id": "m", "role": "assistant", "content": [text("a")]}},
        entry("user", [text("result a")]),
        {"type": "assistant", "message": {"id": "m", "role": "assistant", "content": [text("b")]}},
        entry("user", [text("result b")]),
    )

    assert read_transcript(transcript)[1:] == [
        {"role": "assistant", "content": [text("a"), text("b")]},
        {"role": "user", "content": [text("result a"), text("result b")]},
    ]


def test_going_back_ends_one_conversation_and_begins_another() -> None:
    entries = [
        entry("user", "go", uuid="1"),
        entry("assistant", [text("a")], uuid="2", parentUuid="1"),
        entry("user", "wrong way", uuid="3", parentUuid="2"),
        entry("assistant", [text("b")], uuid="4", parentUuid="3"),
        entry("user", "right way", uuid="5", parentUuid="2"),
        entry("assistant", [text("c")], uuid="6", parentUuid="5"),
    ]

    left, kept = stretches(entries)

    assert text_of(left, kept) == [
        ["go", [text("a")], "wrong way", [text("b")]],
        ["go", [text("a")], "right way", [text("c")]],
    ]
    assert (left.sent, kept.sent) == (0, 2)
    assert read_transcript(lines(*entries)) == list(kept.messages)


def test_results_of_parallel_calls_are_no_going_back() -> None:
    result = [{"type": "tool_result", "tool_use_id": "x", "content": "r"}]
    entries = [
        entry("user", "go", uuid="1"),
        entry("assistant", [text("call 1")], uuid="2", parentUuid="1"),
        entry("assistant", [text("call 2")], uuid="3", parentUuid="2"),
        entry("user", result, uuid="4", parentUuid="2"),
        entry("user", result, uuid="5", parentUuid="3"),
    ]

    assert [len(each.messages) for each in stretches(entries)] == [3]


def test_sub_agents_are_told_apart() -> None:
    entries = [
        entry("user", "one", uuid="1", isSidechain=True),
        entry("user", "two", uuid="2", isSidechain=True),
        entry("assistant", [text("1")], uuid="3", parentUuid="1", isSidechain=True),
        entry("assistant", [text("2")], uuid="4", parentUuid="2", isSidechain=True),
        entry("user", "named", uuid="5", isSidechain=True, agentId="x"),
        entry("assistant", [text("x")], uuid="6", isSidechain=True, agentId="x"),
    ]

    found = list(stretches(entries))

    assert text_of(*found) == [["one", [text("1")]], ["two", [text("2")]], ["named", [text("x")]]]
    assert all(each.sub_agent for each in found)


def test_errors_that_the_agent_only_showed_were_never_sent() -> None:
    shown = entry("assistant", [text("overloaded")], isApiErrorMessage=True)

    assert text_of(*stretches([entry("user", "go"), shown])) == [["go"]]


def test_an_answer_that_the_agent_made_up_names_no_model() -> None:
    answers = [
        entry("assistant", [text("a")], message={"content": "a", "model": model})
        for model in ("claude-opus-4-6", "<synthetic>")
    ]

    [found] = stretches([entry("user", "go"), *answers])

    assert found.model == "claude-opus-4-6"
