"""Token counts: exact for OpenAI's encodings, offline; measured estimates for other models."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from tokenpak.canonical import Confidence, UsageSource
from tokenpak.tokens import encodings
from tokenpak.tokens.cache import CountCache
from tokenpak.tokens.encodings import EncodingName
from tokenpak.tokens.estimates import (
    by_character_classes,
    factor,
    learned_factors,
    set_factor,
    words_estimate,
)
from tokenpak.tokens.kinds import ContentKind, content_kind
from tokenpak.tokens.models import Tokenizer, tokenizer

__all__ = [
    "TokenCount",
    "configure_cache",
    "count",
    "count_tokens",
    "learned_factors",
    "measure",
    "model_factor",
    "set_factor",
    "words_estimate",
]

_cache = CountCache()
_no_tokenizer = threading.Event()


@dataclass(frozen=True, slots=True)
class TokenCount:
    """A number of tokens, and how it was obtained."""

    tokens: int
    source: UsageSource
    confidence: Confidence


def count(text: str) -> int:
    """Tokens of *text* in o200k_base; the same on every machine.

    Names of special tokens count as ordinary text, lone surrogates as U+FFFD. Not cached.
    """
    return _count(text, "o200k_base")


def count_tokens(content: str, model: str | None = None) -> int:
    """Tokens of *content* for *model*, in o200k_base if none is named.

    Exact for OpenAI's models; an estimate for others. `measure` says which.
    """
    return measure(content, model).tokens


def measure(
    content: str, model: str | None = None, *, kind: ContentKind | None = None
) -> TokenCount:
    """Tokens of *content* for *model*, with the source of the figure.

    *kind* says what sort of content it is, if the caller knows; otherwise it is judged by a sample.
    """
    known = tokenizer(model) if model else Tokenizer(encoding="o200k_base")
    encoding = known.encoding or "o200k_base"
    tokens = _cache.get(encoding, content, lambda text: _count(text, encoding))
    if _no_tokenizer.is_set():
        confidence = Confidence.LOW
    elif known.encoding:
        return TokenCount(tokens, UsageSource.TOKEN_COUNTED, Confidence.HIGH)
    else:
        confidence = Confidence.MEDIUM if known.family else Confidence.LOW
    if model:
        kind = kind or (content_kind(content) if known.family else "mixed")
        tokens = round(tokens * factor(model, known.family, kind))
    return TokenCount(tokens, UsageSource.PROXY_ESTIMATE, confidence)


def model_factor(model: str) -> tuple[float, bool]:
    """Tokens of *model* per o200k token in mixed content, and whether that is exact."""
    known = tokenizer(model)
    if known.encoding == "o200k_base":
        return 1.0, True
    return factor(model, known.family), False


def configure_cache(entries: int = 1024) -> None:
    """Start an empty cache of *entries* counts; 0 switches caching off."""
    global _cache
    _cache = CountCache(entries)


def _count(text: str, encoding: EncodingName) -> int:
    if not _no_tokenizer.is_set():
        try:
            return encodings.count(text, encoding)
        except ImportError:  # tiktoken has no wheel here; the measure says that it is a guess
            _no_tokenizer.set()
    return by_character_classes(text)
