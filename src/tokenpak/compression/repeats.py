"""Whole messages that repeat an earlier one of their role: as a library, they are left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tokenpak.canonical import CanonicalRequest
from tokenpak.compression.select import Plan
from tokenpak.tokens import count

MIN_CHARS = 200
"""Shorter messages ("yes", "continue") may well be said twice and meant twice."""


def without_repeats(
    messages: Sequence[dict[str, Any]], request: CanonicalRequest, plan: Plan
) -> list[dict[str, Any]]:
    """*messages* without those that are text only and equal to an earlier one of their role.

    Messages within the threshold of *plan*, tool calls and their results always stay, and a
    conversation never loses its last message.
    """
    touchable = _beyond_threshold(request, plan)
    seen: set[tuple[str, str]] = set()
    kept = []
    for number, message in enumerate(messages):
        text = message.get("content")
        if (
            isinstance(text, str)
            and set(message) <= {"role", "content"}
            and message["role"] != "tool"
        ):
            key = (str(message.get("role")), text)
            repeat = len(text) >= MIN_CHARS and key in seen
            seen.add(key)
            if repeat and number in touchable and number < len(messages) - 1:
                continue
        kept.append(message)
    return kept


def _beyond_threshold(request: CanonicalRequest, plan: Plan) -> set[int]:
    tokens = 0
    beyond = set()
    for part in request.parts:
        if tokens <= plan.untouched_tokens:
            tokens += count(part.text)
        if tokens > plan.untouched_tokens:
            beyond.add(part.message)
    return beyond
