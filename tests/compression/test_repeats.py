from __future__ import annotations

import json
from typing import Any

import pytest

from tokenpak.compression.repeats import MIN_CHARS, without_repeats
from tokenpak.compression.select import Plan
from tokenpak.wire import get_adapter

LONG = "a long message " * 40


def kept(messages: list[dict[str, Any]], threshold: int = 0) -> list[dict[str, Any]]:
    request = get_adapter("openai_chat").decode_request(json.dumps({"messages": messages}).encode())
    return without_repeats(messages, request, Plan("pack", (), True, threshold))


def user(content: Any, **more: Any) -> dict[str, Any]:
    return {"role": "user", "content": content, **more}


END = user("and now?")


def test_a_repeat_goes_and_the_first_stays():
    assert kept([user(LONG), user(LONG), END]) == [user(LONG), END]


@pytest.mark.parametrize(
    "second",
    [
        user(LONG + "!"),
        {"role": "assistant", "content": LONG},
        user(LONG, name="eve"),
        user([{"type": "text", "text": LONG}]),
        {"role": "tool", "tool_call_id": "c", "content": LONG},
    ],
)
def test_what_differs_in_anything_stays(second):
    assert kept([user(LONG), second, END]) == [user(LONG), second, END]


def test_short_messages_and_the_last_one_stay():
    short = user("x" * (MIN_CHARS - 1))
    assert kept([short, short, END]) == [short, short, END]
    assert kept([user(LONG), user(LONG)]) == [user(LONG), user(LONG)]


def test_what_lies_within_the_threshold_stays():
    assert len(kept([user(LONG), user(LONG), END], threshold=100_000)) == 3
