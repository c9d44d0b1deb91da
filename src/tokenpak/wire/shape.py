"""Which wire format a body has, judged by its shape where no path tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_BLOCKS_OF_ANTHROPIC = {"tool_use", "tool_result", "thinking"}


def wire_of(body: Mapping[str, Any]) -> str | None:
    """The name of the format of *body*, a decoded request; None if it is none that we read."""
    inner = body.get("request")
    if isinstance(body.get("contents"), list) or (
        isinstance(inner, dict) and isinstance(inner.get("contents"), list)
    ):
        return "gemini"
    if isinstance(body.get("input"), list) and "messages" not in body:
        return "openai_responses"
    if isinstance(body.get("messages"), list):
        return "anthropic" if _is_anthropic(body) else "openai_chat"
    return None


def _is_anthropic(body: Mapping[str, Any]) -> bool:
    if body.get("format") == "anthropic" or "system" in body:
        return True
    blocks = (
        block
        for message in body["messages"]
        if isinstance(message, dict) and isinstance(message.get("content"), list)
        for block in message["content"]
    )
    return any(
        isinstance(each, dict) and each.get("type") in _BLOCKS_OF_ANTHROPIC for each in blocks
    )
