"""Why a provider would answer 400: the rules that a changed conversation could break."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tokenpak.providers.promptcache import MAX_BREAKPOINTS


def refusal(request: Any) -> str | None:
    """The first rule of the Messages format that *request* breaks, in words; None if it is fine."""
    messages = request.get("messages") if isinstance(request, Mapping) else None
    if not isinstance(messages, list) or not messages:
        return "messages: at least one message is required"
    if messages[0].get("role") != "user":
        return "messages: first message must use the user role"
    open_calls: list[str] = []
    for at, message in enumerate(messages):
        blocks = _blocks(message)
        wrong = _empty(blocks) or _pairing(blocks, open_calls)
        if wrong:
            return f"messages.{at}: {wrong}"
        open_calls = [str(each.get("id")) for each in blocks if each.get("type") == "tool_use"]
    if _breakpoints(request) > MAX_BREAKPOINTS:
        return f"a maximum of {MAX_BREAKPOINTS} blocks with cache_control may be provided"
    return None


def _blocks(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = message.get("content")
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content or ())


def _empty(blocks: list[Mapping[str, Any]]) -> str | None:
    if not blocks:
        return "content must not be empty"
    if any(each.get("type") == "text" and not each.get("text") for each in blocks):
        return "text content blocks must be non-empty"
    return None


def _pairing(blocks: list[Mapping[str, Any]], open_calls: list[str]) -> str | None:
    kinds = [each.get("type") for each in blocks]
    answered = [
        str(each.get("tool_use_id")) for each in blocks if each.get("type") == "tool_result"
    ]
    if sorted(answered) != sorted(open_calls):
        return "every tool_use needs its tool_result in the next message, and no other"
    if any(kind != "tool_result" for kind in kinds[: len(answered)]):
        return "tool_result blocks must come first"
    return None


def _breakpoints(value: Any) -> int:
    if isinstance(value, Mapping):
        own = "cache_control" in value and "type" in value
        return own + sum(
            _breakpoints(value.get(name)) for name in ("tools", "system", "messages", "content")
        )
    return sum(_breakpoints(each) for each in value) if isinstance(value, list) else 0
