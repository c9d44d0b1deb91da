"""A coding agent's transcript (JSON lines) read back into the messages it had sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tokenpak.errors import WireError

Message = dict[str, Any]


def read_transcript(text: str) -> list[Message]:
    """The messages of a Claude Code transcript, since the last time the agent compacted it.

    A transcript has one line a content block; blocks of one turn are joined again. Lines of
    sub-agents and bookkeeping are left out. Raises WireError naming the first line that cannot
    be read, or saying that there is no message.
    """
    messages: list[Message] = []
    for entry in _entries(text):
        if entry.get("subtype") == "compact_boundary":
            messages.clear()
        if entry.get("type") not in ("user", "assistant") or entry.get("isSidechain"):
            continue
        message = entry.get("message")
        if isinstance(message, dict) and message.get("content"):
            _append(messages, str(message.get("role") or entry["type"]), message["content"])
    if not messages:
        raise WireError('no message found; expected lines such as {"type": "user", "message": {…}}')
    return messages


def _entries(text: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise WireError(f"line {number} is not JSON: {error}") from error
        if isinstance(entry, dict):
            yield entry


def _append(messages: list[Message], role: str, content: Any) -> None:
    if not messages or messages[-1]["role"] != role:
        messages.append({"role": role, "content": content})
        return
    before = messages[-1]
    before["content"] = [*_blocks(before["content"]), *_blocks(content)]


def _blocks(content: Any) -> list[Any]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return list(content)
