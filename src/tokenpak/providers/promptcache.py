"""A provider's prompt cache, simulated: what each request reads from it, writes to it, or neither.

Pure: the time is passed in. Digests stand for content without its cache marker, so that a marker
may move on while the prefix stays the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import accumulate
from typing import Protocol

from xxhash import xxh3_128_digest

from tokenpak.tokens.models import bare

# Anthropic's rules. https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching
TTL_S = 300.0
TTL_1H_S = 3600.0
MAX_BREAKPOINTS = 4
LOOK_BACK = 20
"""Blocks, from a breakpoint's own backwards, at which an earlier entry is found."""
MIN_TOKENS = 1024
"""Shorter prefixes are cached by no provider."""

# A read at a tenth, a write at a quarter more: what most models cost. The price table has more.
READ_PRICE = 0.1
WRITE_PRICE = 1.25

# Where a provider asks for more than MIN_TOKENS; the first match wins.
# https://ai.google.dev/gemini-api/docs/caching
_MIN_TOKENS_BY_MODEL = (
    ("claude-opus-4-[567]*", 4096),
    ("claude-haiku-4-5*", 4096),
    ("claude-*haiku*", 2048),
    ("gemini-2.5-pro*", 4096),
)

# https://platform.openai.com/docs/guides/prompt-caching
_OPENAI_STEP = 128


@dataclass(frozen=True, slots=True)
class Block:
    """One piece that a cache matches on; `ttl_s` is that of its cache marker, if it has one."""

    digest: bytes
    tokens: int
    ttl_s: float | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """The input tokens of one request by what they cost; `written_1h` is a part of `written`."""

    read: int
    written: int
    rest: int
    written_1h: int = 0

    @property
    def tokens(self) -> int:
        return self.read + self.written + self.rest

    @property
    def billed(self) -> float:
        """The charge in tokens at the base input price, writes as those for five minutes."""
        return READ_PRICE * self.read + WRITE_PRICE * self.written + self.rest


class PromptCache(Protocol):
    """What one account has cached for one model."""

    def charge(self, blocks: Sequence[Block], now: float = 0.0) -> Charge:
        """What a request of *blocks* pays at *now* (seconds); it is remembered for later ones."""


class MarkedCache:
    """Anthropic's: what is cached ends at a marker and lives as long as the marker says."""

    def __init__(self, min_tokens: int = MIN_TOKENS) -> None:
        self._min_tokens = min_tokens
        self._entries: dict[bytes, tuple[float, float]] = {}  # prefix -> end of life, ttl

    def charge(self, blocks: Sequence[Block], now: float = 0.0) -> Charge:
        prefixes, upto = _prefixes(blocks)
        marks = [
            (at, block.ttl_s)
            for at, block in enumerate(blocks)
            if block.ttl_s is not None and upto[at] >= self._min_tokens
        ][-MAX_BREAKPOINTS:]
        hit = max((at for mark, _ in marks for at in self._hits(prefixes, mark, now)), default=None)
        read = 0
        if hit is not None:
            read = upto[hit]
            self._keep(prefixes[hit], now, 0.0)
        for at, ttl_s in marks:
            self._keep(prefixes[at], now, ttl_s)
        end = upto[marks[-1][0]] if marks else 0
        hour = max((upto[at] for at, ttl_s in marks if ttl_s > TTL_S), default=0)
        return Charge(read, end - read, (upto[-1] if upto else 0) - end, max(0, hour - read))

    def _hits(self, prefixes: Sequence[bytes], mark: int, now: float) -> Iterator[int]:
        for at in range(max(0, mark - LOOK_BACK + 1), mark + 1):
            entry = self._entries.get(prefixes[at])
            if entry is not None and entry[0] >= now:
                yield at

    def _keep(self, prefix: bytes, now: float, ttl_s: float) -> None:
        """Let an entry live on; a read renews the time that it was written for."""
        end, known = self._entries.get(prefix, (now, 0.0))
        ttl_s = max(ttl_s, known) if end >= now else ttl_s
        self._entries[prefix] = (now + ttl_s, ttl_s)


class AutomaticCache:
    """OpenAI's and Gemini's: each prefix is cached by itself, and writing costs nothing."""

    def __init__(self, min_tokens: int = MIN_TOKENS, step: int = 1) -> None:
        self._min_tokens = min_tokens
        self._step = step
        self._ends: dict[bytes, float] = {}

    def charge(self, blocks: Sequence[Block], now: float = 0.0) -> Charge:
        prefixes, upto = _prefixes(blocks)
        known = (at for at in reversed(range(len(blocks))) if self._lives(prefixes[at], now))
        at = next(known, None)
        read = 0 if at is None else upto[at] // self._step * self._step
        read = read if read >= self._min_tokens else 0
        self._ends.update(dict.fromkeys(prefixes, now + TTL_S))
        return Charge(read, 0, (upto[-1] if upto else 0) - read)

    def _lives(self, prefix: bytes, now: float) -> bool:
        return self._ends.get(prefix, float("-inf")) >= now


class NoCache:
    """A provider that caches nothing, or does not say."""

    def charge(self, blocks: Sequence[Block], now: float = 0.0) -> Charge:
        return Charge(0, 0, sum(block.tokens for block in blocks))


def prompt_cache(provider: str, model: str | None = None) -> PromptCache:
    """An empty cache as *provider* (`anthropic`, `openai`, `google`, …) keeps it for *model*."""
    minimum = min_tokens(model)
    if provider == "anthropic":
        return MarkedCache(minimum)
    if provider == "openai":
        return AutomaticCache(minimum, _OPENAI_STEP)
    if provider == "google":
        return AutomaticCache(minimum)
    return NoCache()


def min_tokens(model: str | None) -> int:
    """The shortest prefix that is cached for *model*."""
    name = bare(model) if model else ""
    asked = (least for each, least in _MIN_TOKENS_BY_MODEL if fnmatchcase(name, each))
    return next(asked, MIN_TOKENS)


def _prefixes(blocks: Sequence[Block]) -> tuple[list[bytes], list[int]]:
    """For each block a digest of everything up to it, and the tokens up to it."""
    prefixes, key = [], b""
    for block in blocks:
        key = xxh3_128_digest(key + block.digest)
        prefixes.append(key)
    return prefixes, list(accumulate(block.tokens for block in blocks))
