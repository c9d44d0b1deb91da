"""Claude Code's transcripts, read back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tokenpak.errors import WireError
from tokenpak.transcript import read_transcript


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
