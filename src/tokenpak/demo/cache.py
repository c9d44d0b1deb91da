"""The provider's prompt cache, simulated: what a request reads from it, writes to it and pays."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Anthropic's rules for prompt caching.
# https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching
READ_PRICE = 0.1
WRITE_PRICE = 1.25
MIN_TOKENS = 1024
MAX_BREAKPOINTS = 4
LOOK_BACK = 20


@dataclass(frozen=True, slots=True)
class Block:
    """One piece that the cache matches on: its content without the marker."""

    key: bytes
    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Charge:
    """The input tokens of one request by what they cost."""

    read: int
    written: int
    rest: int

    @property
    def tokens(self) -> int:
        return self.read + self.written + self.rest

    @property
    def billed(self) -> float:
        """The charge in tokens at the base input price."""
        return READ_PRICE * self.read + WRITE_PRICE * self.written + self.rest


class PromptCache:
    """What one account has cached; entries do not expire while a demonstration lasts."""

    def __init__(self, count: Callable[[str], int]) -> None:
        self._count = count
        self._sizes: dict[bytes, int] = {}
        self._cached: set[bytes] = set()

    def charge(self, blocks: list[Block]) -> Charge:
        """What a request of *blocks* reads and writes; its marked prefixes are cached after."""
        prefixes: list[bytes] = []
        upto: list[int] = []
        digest, total = hashlib.sha256(), 0
        for block in blocks:
            digest.update(block.key)
            total += self._size(block)
            prefixes.append(digest.digest())
            upto.append(total)
        marks = [at for at, block in enumerate(blocks) if block.marked and upto[at] >= MIN_TOKENS]
        marks = marks[-MAX_BREAKPOINTS:]
        read = max((upto[at] for mark in marks for at in self._hits(prefixes, mark)), default=0)
        end = upto[marks[-1]] if marks else 0
        self._cached.update(prefixes[at] for at in marks)
        return Charge(read=read, written=end - read, rest=total - end)

    def _hits(self, prefixes: list[bytes], mark: int) -> Iterator[int]:
        first = max(0, mark - LOOK_BACK + 1)
        return (at for at in range(first, mark + 1) if prefixes[at] in self._cached)

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
