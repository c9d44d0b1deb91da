"""What a conversation's requests pay on one way, under its provider's simulated prompt cache."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tokenpak.canonical import CanonicalUsage
from tokenpak.providers.pricing import Price, Prices
from tokenpak.providers.promptcache import (
    TTL_S,
    Block,
    Charge,
    PromptCache,
    prompt_cache,
)
from tokenpak.simulate.conversation import Conversation
from tokenpak.simulate.outcome import Way
from tokenpak.telemetry.cost import cost
from tokenpak.tokens import model_factor

_PROVIDERS = (
    (re.compile(r"claude"), "anthropic"),
    (re.compile(r"(?:^|/)(?:gpt|o\d|codex|chatgpt)"), "openai"),
    (re.compile(r"gemini"), "google"),
)
_OF_WIRE = {"anthropic": "anthropic", "gemini": "google", "ollama": "ollama"}


class Account:
    """One way of a conversation, with a cache of its own.

    The provider is that of the model, or of the wire format if the model tells none. The JSON
    measure is charged by the wire format alone, with the rules that hold for any model.
    """

    def __init__(self, conversation: Conversation, prices: Prices) -> None:
        model = conversation.model
        of_wire = _OF_WIRE.get(conversation.wire, "openai")
        self.price: Price | None = prices.price(model) if model else None
        self._factor = model_factor(model)[0] if model else 1.0
        self._cache: PromptCache = prompt_cache(_provider(model) or of_wire, model)
        self._json_cache: PromptCache = prompt_cache(of_wire)

    def send(self, blocks: Sequence[Block], json_blocks: Sequence[Block], now: float) -> Way:
        """What a request pays at *now* (seconds): its blocks by both measures."""
        charge = self._cache.charge(blocks, now)
        as_json = self._json_cache.charge(json_blocks, now)
        return Way(charge.tokens, charge.billed, self._usd(charge), as_json.tokens, as_json.billed)

    def _usd(self, charge: Charge) -> float:
        if self.price is None:
            return 0.0
        usage = CanonicalUsage(
            input_tokens=round(charge.tokens * self._factor),
            output_tokens=0,
            cache_read_tokens=round(charge.read * self._factor),
            cache_write_tokens=round(charge.written * self._factor),
        )
        amount = cost(usage, self.price)
        return amount.usd if amount else 0.0


def marked(blocks: Sequence[Block], places: Sequence[int]) -> list[Block]:
    """*blocks* with a cache marker of five minutes at each of *places*."""
    found = list(blocks)
    for place in places:
        found[place] = Block(found[place].digest, found[place].tokens, TTL_S)
    return found


def _provider(model: str | None) -> str | None:
    name = (model or "").lower()
    return next((provider for pattern, provider in _PROVIDERS if pattern.search(name)), None)
