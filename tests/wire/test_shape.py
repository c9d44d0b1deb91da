"""Which format a body has, where no path tells."""

from __future__ import annotations

from typing import Any

import pytest

from tokenpak.wire.shape import wire_of

USER = {"role": "user", "content": "a"}
CALL = {"type": "tool_use", "id": "1", "name": "f", "input": {}}


@pytest.mark.parametrize(
    ("body", "wire"),
    [
        ({"contents": []}, "gemini"),
        ({"request": {"contents": []}}, "gemini"),
        ({"input": [USER]}, "openai_responses"),
        ({"messages": [USER]}, "openai_chat"),
        ({"messages": [USER], "input": []}, "openai_chat"),
        ({"messages": [USER], "system": "s"}, "anthropic"),
        ({"messages": [{"role": "assistant", "content": [CALL]}]}, "anthropic"),
        ({"messages": [7, {"content": [None]}]}, "openai_chat"),
        ({"input": "a"}, None),
        ({"messages": "a"}, None),
        ({"request": 7}, None),
        ({}, None),
    ],
)
def test_the_fields_tell_the_format(body: dict[str, Any], wire: str | None) -> None:
    assert wire_of(body) == wire
