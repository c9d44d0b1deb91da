"""What the provider of the demonstration refuses."""

from __future__ import annotations

from typing import Any

import pytest

from tokenpak.demo.refusals import refusal

CALL = {"type": "tool_use", "id": "a", "name": "Read", "input": {"cache_control": "no marker"}}
RESULT = {"type": "tool_result", "tool_use_id": "a", "content": "text"}
TEXT = {"type": "text", "text": "hello"}
MARKED = {**TEXT, "cache_control": {"type": "ephemeral"}}


def conversation(*contents: Any) -> dict[str, Any]:
    roles = ("user", "assistant")
    return {
        "messages": [{"role": roles[at % 2], "content": each} for at, each in enumerate(contents)]
    }


@pytest.mark.parametrize(
    "request_",
    [
        conversation("hello"),
        conversation([TEXT], [TEXT, CALL], [RESULT, TEXT]),
        conversation([MARKED, MARKED, MARKED, MARKED]),
    ],
)
def test_accepts_what_the_provider_accepts(request_: dict[str, Any]) -> None:
    assert refusal(request_) is None


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"messages": []}, "at least one message"),
        ([], "at least one message"),
        ({"messages": [{"role": "assistant", "content": "hi"}]}, "user role"),
        (conversation("hello", [CALL], [TEXT]), "needs its tool_result"),
        (conversation("hello", [CALL], [RESULT, RESULT]), "needs its tool_result"),
        (conversation("hello", [TEXT], [RESULT]), "needs its tool_result"),
        (conversation("hello", [CALL], [TEXT, RESULT]), "must come first"),
        (conversation("hello", []), "must not be empty"),
        (conversation([{"type": "text", "text": ""}]), "non-empty"),
        (conversation([MARKED] * 5), "maximum of 4"),
    ],
)
def test_names_the_rule_that_is_broken(request_: Any, words: str) -> None:
    assert words in (refusal(request_) or "")
