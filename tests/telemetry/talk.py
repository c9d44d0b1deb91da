"""A client, our packing, a provider with a prompt cache and the ledger, without a socket."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tests.caching import blocks_of, usage_of
from tokenpak import tokens
from tokenpak.compression.body import Compressor
from tokenpak.flow import Flow
from tokenpak.providers.promptcache import Charge, prompt_cache
from tokenpak.settings import load
from tokenpak.telemetry.ledger import Entry, Ledger
from tokenpak.wire import get_adapter

MODEL = "claude-sonnet-4-5"
MARKER = {"cache_control": {"type": "ephemeral"}}
WORDS = "The quick brown fox jumps over the lazy dog. "


class Talk:
    """Sends requests one after another; `direct` is what they would have been charged unpacked."""

    def __init__(self, wire: str = "anthropic", **settings: Any) -> None:
        self.wire = wire
        self.provider = "anthropic" if wire == "anthropic" else "openai"
        self.compressor = Compressor(load({}, **settings))
        self.ledger = Ledger()
        self.now = 1_000_000.0
        self.flow: Flow
        self.direct: Charge
        self._caches = prompt_cache(self.provider), prompt_cache(self.provider)

    def send(self, body: bytes, after_s: float = 30.0, **changes: Any) -> Entry:
        """The entry of *body*, sent *after_s* seconds later; *changes* are fields of its flow."""
        self.now += after_s
        packed = self.compressor.pack(get_adapter(self.wire), "", body)
        model = packed.request.model or MODEL
        factor, _ = tokens.model_factor(model)
        mine, theirs = self._caches
        self.direct = theirs.charge(blocks_of(body, factor), self.now)
        charge = mine.charge(blocks_of(packed.body, factor), self.now)
        values: dict[str, Any] = {
            "request_id": f"r{self.now:.0f}",
            "started": self.now,
            "method": "POST",
            "path": "/v1/messages",
            "provider": self.provider,
            "wire": self.wire,
            "model": model,
            "session_id": "s",
            "status": 200,
            "cache_origin": "client" if packed.request.cache_marked else "unknown",
            "saved_tokens": packed.saved_tokens,
            "saved_by": packed.saved_by,
            "first_byte_ms": 500.0,
            "usage": usage_of(charge, writes=self.wire == "anthropic"),
            "trail": packed.trail,
            "breakpoints": packed.breakpoints,
            "epochs": packed.epochs,
        }
        self.flow = Flow(**(values | changes))
        return self.ledger.enter(self.flow)


def said(role: str, words: str, times: int = 1) -> dict[str, Any]:
    return {"role": role, "content": [{"type": "text", "text": words * times}]}


def talk_of(turns: int) -> list[dict[str, Any]]:
    """Messages of *turns* questions of some 1,200 tokens, the last not answered."""
    messages = [said("user", f"Question 0. {WORDS * 120}")]
    for turn in range(1, turns):
        messages += [said("assistant", f"Answer {turn}."), said("user", f"{turn}. {WORDS * 120}")]
    return messages


def body(
    messages: Sequence[dict[str, Any]],
    *,
    system: str | list[dict[str, Any]] = "You are careful.",
    tools: Sequence[dict[str, Any]] = (),
    model: str = MODEL,
    marked: bool = True,
) -> bytes:
    """A request as Claude Code sends it: the marker is on the last block of all."""
    *before, last = messages
    if marked:
        last = {**last, "content": [*last["content"][:-1], last["content"][-1] | MARKER]}
    request = {"model": model, "tools": list(tools), "system": system, "messages": [*before, last]}
    return json.dumps(request).encode()
