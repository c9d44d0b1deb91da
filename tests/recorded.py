"""Recorded conversations of real agents, as the bodies that those agents sent.

Each fixture names its public source and licence. Claude Code moves its cache breakpoint to the last
block at every turn, so the bodies here do as well.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "sessions"
NAMES = sorted(path.name.removesuffix(".json.gz") for path in FOLDER.glob("*.json.gz"))
ADAPTERS = {"anthropic": "anthropic", "openai": "openai_chat"}


@cache
def session(name: str) -> dict[str, Any]:
    return json.loads(gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()))


def turns(name: str) -> Iterator[int]:
    """How many messages each request of the conversation held."""
    messages = session(name)["messages"]
    yield from (i for i, m in enumerate(messages) if m["role"] == "assistant" and i)
    if messages[-1]["role"] != "assistant":
        yield len(messages)


def body(name: str, upto: int | None = None) -> bytes:
    """The request that the agent sent with *upto* messages, all of them if None."""
    recorded = session(name)
    messages = recorded["messages"][:upto]
    if recorded["format"] == "anthropic":
        request: dict[str, Any] = {"model": "claude-sonnet-4-5", "max_tokens": 1024}
        messages = [*messages[:-1], {**messages[-1], "content": _marked(messages[-1]["content"])}]
        if recorded["system"]:
            request["system"] = _marked(recorded["system"])
    else:
        request = {"model": recorded["model"] or "gpt-5"}
        if recorded["system"]:
            messages = [{"role": "system", "content": recorded["system"]}, *messages]
    if recorded["tools"]:
        request["tools"] = recorded["tools"]
    request["messages"] = messages
    return json.dumps(request, ensure_ascii=False).encode("utf-8", "surrogatepass")


def adapter_name(name: str) -> str:
    return ADAPTERS[session(name)["format"]]


def _marked(content: Any) -> list[dict[str, Any]]:
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else list(content)
    return [*blocks[:-1], {**blocks[-1], "cache_control": {"type": "ephemeral"}}]
