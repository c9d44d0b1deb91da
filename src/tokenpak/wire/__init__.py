"""Wire formats: bytes in, parts with spans; new text in, bytes with everything else untouched."""

from __future__ import annotations

from functools import lru_cache

from tokenpak.wire.adapter import Adapter
from tokenpak.wire.anthropic import Anthropic
from tokenpak.wire.gemini import Gemini
from tokenpak.wire.ollama import Ollama
from tokenpak.wire.openai_chat import OpenAIChat
from tokenpak.wire.openai_responses import OpenAIResponses
from tokenpak.wire.splice import rewrite

__all__ = ["ADAPTERS", "Adapter", "detect", "get_adapter", "rewrite"]

ADAPTERS: dict[str, Adapter] = {
    adapter.name: adapter
    for adapter in (Anthropic(), OpenAIChat(), OpenAIResponses(), Gemini(), Ollama())
}
"""Every wire format by its name."""


@lru_cache(maxsize=64)
def detect(path: str) -> Adapter | None:
    """The format of a POST to *path* (no query); None if it carries no conversation we read."""
    for adapter in ADAPTERS.values():
        if adapter.matches(path):
            return adapter
    return None


def get_adapter(name: str) -> Adapter:
    """The adapter of that name. Raises LookupError listing the known ones."""
    try:
        return ADAPTERS[name]
    except KeyError:
        known = ", ".join(ADAPTERS)
        raise LookupError(f"unknown wire format {name!r}; known: {known}") from None
