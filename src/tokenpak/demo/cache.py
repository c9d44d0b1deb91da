"""The blocks of a Messages request, and what the simulated prompt cache charges for them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tokenpak.providers import promptcache
from tokenpak.providers.promptcache import TTL_S, Charge, MarkedCache


@dataclass(frozen=True, slots=True)
class Block:
    """One piece that the cache matches on: its content without the marker."""

    key: bytes
    text: str
    marked: bool


class PromptCache:
    """What one account has cached; entries do not expire while a demonstration lasts."""

    def __init__(self, count: Callable[[str], int]) -> None:
        self._count = count
        self._sizes: dict[bytes, int] = {}
        self._cache = MarkedCache()

    def charge(self, blocks: Sequence[Block]) -> Charge:
        """What a request of *blocks* reads and writes; its marked prefixes are cached after."""
        return self._cache.charge(
            [
                promptcache.Block(each.key, self._size(each), TTL_S if each.marked else None)
                for each in blocks
            ]
        )

    def _size(self, block: Block) -> int:
        if block.key not in self._sizes:
            self._sizes[block.key] = self._count(block.text)
        return self._sizes[block.key]


def blocks_of(request: Mapping[str, Any]) -> list[Block]:
    """The blocks of a Messages request in the order of the cache: tools, system, messages."""
    found = [_block("tool", each) for each in request.get("tools") or ()]
    found += [_block("system", each) for each in _as_blocks(request.get("system"))]
    for message in request.get("messages") or ():
        found += [_block(message["role"], each) for each in _as_blocks(message.get("content"))]
    return found


def _as_blocks(content: Any) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return list(content or ())


def _block(role: str, block: dict[str, Any]) -> Block:
    bare = {name: value for name, value in block.items() if name != "cache_control"}
    key = hashlib.sha256(f"{role} {json.dumps(bare)}".encode()).digest()
    return Block(key, _readable(bare), marked="cache_control" in block)


def _readable(block: Any) -> str:
    """What the model reads of a block: its strings without JSON's quotes and escapes."""
    if isinstance(block, str):
        return block
    if isinstance(block, list):
        return "\n".join(_readable(each) for each in block)
    kind = block.get("type")
    if kind == "text":
        return str(block.get("text", ""))
    if kind == "thinking":
        return str(block.get("thinking", ""))
    if kind == "tool_result":
        return _readable(block.get("content") or "")
    return json.dumps(block, ensure_ascii=False)
