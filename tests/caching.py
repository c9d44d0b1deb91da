"""Requests as the blocks that a provider's prompt cache matches on, counted in o200k tokens."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from typing import Any

from tokenpak.canonical import CanonicalUsage
from tokenpak.providers.promptcache import TTL_1H_S, TTL_S, Block, Charge
from tokenpak.tokens import count


def blocks_of(body: bytes, factor: float = 1.0) -> list[Block]:
    """The blocks of an Anthropic or OpenAI request: tools, system prompt, messages."""
    request = json.loads(body)
    found = [_block("tool", each, factor) for each in request.get("tools") or ()]
    found += [_block("system", each, factor) for each in _listed(request.get("system"))]
    for message in request.get("messages") or ():
        found += [_block(message["role"], each, factor) for each in _listed(message["content"])]
        found += [_block("call", each, factor) for each in message.get("tool_calls") or ()]
    return found


def usage_of(charge: Charge, *, writes: bool = True) -> CanonicalUsage:
    """What the provider reports of *charge*; OpenAI reports no writes."""
    return CanonicalUsage(
        input_tokens=charge.tokens,
        output_tokens=10,
        cache_read_tokens=charge.read,
        cache_write_tokens=charge.written if writes else None,
        cache_write_1h_tokens=charge.written_1h if writes else None,
    )


def _listed(content: Any) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return list(content or ())


def _block(role: str, block: dict[str, Any], factor: float) -> Block:
    bare = {name: value for name, value in block.items() if name != "cache_control"}
    marker = block.get("cache_control")
    ttl_s = None
    if marker is not None:
        ttl_s = TTL_1H_S if marker.get("ttl") == "1h" else TTL_S
    text = f"{role} {json.dumps(bare)}"
    return Block(sha256(text.encode()).digest(), round(_count(_readable(bare)) * factor), ttl_s)


@lru_cache(maxsize=10_000)
def _count(text: str) -> int:
    return count(text)


def _readable(block: Any) -> str:
    if isinstance(block, str):
        return block
    if isinstance(block, list):
        return "\n".join(_readable(each) for each in block)
    for key in ("text", "thinking", "content"):
        if block.get("type") in ("text", "thinking", "tool_result") and key in block:
            return _readable(block[key])
    return json.dumps(block, ensure_ascii=False)
