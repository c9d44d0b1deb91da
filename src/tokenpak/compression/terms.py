"""The terms under which a conversation is sent: prices of its cache, the window of its model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from itertools import takewhile

from tokenpak.canonical import CanonicalRequest
from tokenpak.errors import ConfigError
from tokenpak.providers.pricing import Prices
from tokenpak.providers.promptcache import READ_PRICE, TTL_1H_S, TTL_S, WRITE_PRICE
from tokenpak.tables import table
from tokenpak.tokens import count_tokens
from tokenpak.tokens.models import bare, tokenizer

_HOUR = (b'"ttl":"1h"', b'"ttl": "1h"')


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rewrite costs and how long a conversation may get.

    `read` and `write` are the prices of a token from and to the cache, relative to plain input.
    `window` is in o200k tokens, without the tools' definitions.
    """

    read: float = READ_PRICE
    write: float = WRITE_PRICE
    window: int | None = None
    """None: not known, and never near."""
    whole: bool = False
    """Whether a change anywhere has everything written again but the first `fixed` parts: a cache
    with markers looks back by 20 blocks only."""
    fixed: int = 0


def terms_of(request: CanonicalRequest, body: bytes, windows: Mapping[str, int]) -> Terms:
    """The terms of *request*, read from *body*; *windows* are the user's, by model.

    Prices and windows are those that ship with the package, so that all machines decide alike.
    """
    start, end = request.tools_span or (0, 0)
    tools = count_tokens(body[start:end].decode("utf-8", "replace")) if end > start else 0
    model = request.model or ""
    window = int(window_of(model, windows) / _factor(model)) - tools
    read, write = _prices(model)
    whole = request.wire == "anthropic"
    system = takewhile(lambda part: part.kind == "system", request.parts)
    return Terms(
        read=read,
        write=write if whole else 1.0,
        window=max(1, window),
        whole=whole,
        fixed=sum(1 for _ in system) if whole else 0,
    )


def ttl_s(request: CanonicalRequest, body: bytes) -> float | None:
    """Seconds for which the provider of *request* keeps its cache; None if it has none.

    An hour if any marker in *body* asks for it, or seems to: the cache may then still be warm.
    """
    if request.wire == "ollama":
        return None
    return TTL_1H_S if any(each in body for each in _HOUR) else TTL_S


def window_of(model: str, windows: Mapping[str, int]) -> int:
    """The context window of *model* in its own tokens.

    *windows* are the user's by pattern and go first, but for `*`, which is for unknown models.
    """
    name = bare(model)
    for pattern, tokens in windows.items():
        if pattern != "*" and fnmatchcase(name, pattern.lower()):
            return tokens
    if model.lower().endswith("[1m]"):
        return 1_000_000
    known = _shipped().price(model) if model else None
    if known is not None and known.context_window:
        return known.context_window
    for pattern, tokens in _documented().items():
        if pattern != "*" and fnmatchcase(name, pattern):
            return tokens
    return windows.get("*", _documented()["*"])


def read_windows(text: str) -> dict[str, int]:
    """Windows by pattern from the setting `context_windows`: `my-model=32768, *=128000`.

    Raises ConfigError naming the entry that is wrong.
    """
    found = {}
    for entry in filter(None, map(str.strip, text.split(","))):
        pattern, _, tokens = entry.rpartition("=")
        if not pattern.strip() or not tokens.strip().isdecimal() or not int(tokens):
            raise ConfigError(
                f"context_windows: found {entry!r}, expected model=tokens, as in my-model=32768"
            )
        found[pattern.strip()] = int(tokens)
    return found


def _factor(model: str) -> float:
    """Tokens of *model* per o200k token by the shipped table; what was learned here is not asked,
    as it differs between machines."""
    family = tokenizer(model).family if model else None
    return family.factors["mixed"] if family else 1.0


@lru_cache(maxsize=256)
def _prices(model: str) -> tuple[float, float]:
    price = _shipped().price(model) if model else None
    if price is None or not price.base.input:
        return READ_PRICE, WRITE_PRICE
    rates = price.base
    read = rates.input if rates.cache_read is None else rates.cache_read
    write = rates.input * WRITE_PRICE if rates.cache_write is None else rates.cache_write
    return read / rates.input, write / rates.input


@cache
def _shipped() -> Prices:
    return Prices.load()


@cache
def _documented() -> dict[str, int]:
    return table("tokenpak.data", "windows.yaml", dict[str, dict[str, int]])["windows"]
