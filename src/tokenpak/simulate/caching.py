"""What a conversation's requests pay on one way, under its provider's simulated prompt cache."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tokenpak.canonical import CanonicalUsage
from tokenpak.providers.pricing import Price, Prices
from tokenpak.providers.promptcache import TTL_S, Block, Charge, PromptCache, prompt_cache
from tokenpak.simulate.conversation import Conversation
from tokenpak.simulate.outcome import Way
from tokenpak.simulate.reading import Sizes
from tokenpak.telemetry.cost import cost
from tokenpak.tokens import model_factor

_PROVIDERS = (
    (re.compile(r"claude"), "anthropic"),
    (re.compile(r"(?:^|/)(?:gpt|o\d|codex|chatgpt)"), "openai"),
    (re.compile(r"gemini"), "google"),
)
_OF_WIRE = {"anthropic": "anthropic", "gemini": "google", "ollama": "ollama"}


class Lane:
    """One way of a conversation: its parts as they are sent, and caches of their own.

    *sizes* are those of the parts at first. The provider is that of the model, or of the wire
    format if the model tells none. The JSON measure is charged by the wire format alone, with the
    rules that hold for any model.
    """

    def __init__(self, conversation: Conversation, sizes: Sizes, prices: Prices) -> None:
        model = conversation.model
        of_wire = _OF_WIRE.get(conversation.wire, "openai")
        self.price: Price | None = prices.price(model) if model else None
        self._factor = model_factor(model)[0] if model else 1.0
        self._cache: PromptCache = prompt_cache(_provider(model) or of_wire, model)
        self._json_cache: PromptCache = prompt_cache(of_wire)
        self._sizes = sizes
        # What stands before the parts is the first block.
        self._texts = [Block(b"%d" % at, size) for at, size in enumerate(sizes.texts)]
        self._json = [Block(b"%d" % at, size) for at, size in enumerate(sizes.json)]

    def change(self, number: int, digest: bytes, tokens: int, json_tokens: int) -> None:
        """Let part *number* be another text, longer by so many tokens than it was at first."""
        at = number + 1
        self._texts[at] = Block(digest, self._sizes.texts[at] + tokens)
        self._json[at] = Block(digest, self._sizes.json[at] + json_tokens)

    def send(self, parts: int, marks: Sequence[int], now: float) -> Way:
        """What a request with the first *parts* parts pays at *now* (seconds), by both measures.

        *marks* are the parts that bear a cache marker of five minutes.
        """
        charge = self._cache.charge(_marked(self._texts[: parts + 1], marks), now)
        as_json = self._json_cache.charge(_marked(self._json[: parts + 1], marks), now)
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


def _marked(blocks: list[Block], marks: Sequence[int]) -> list[Block]:
    for mark in marks:
        blocks[mark + 1] = replace(blocks[mark + 1], ttl_s=TTL_S)
    return blocks


def _provider(model: str | None) -> str | None:
    name = (model or "").lower()
    return next((provider for pattern, provider in _PROVIDERS if pattern.search(name)), None)
