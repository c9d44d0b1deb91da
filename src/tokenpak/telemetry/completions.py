"""What completions cost and how long they took, added up by model."""

from __future__ import annotations

import datetime
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

from tokenpak.canonical import CanonicalUsage
from tokenpak.providers.pricing import Price, price
from tokenpak.telemetry.cost import cost

PriceOf = Callable[[str, datetime.date], Price | None]


class Sums(TypedDict):
    """Sums over completions. `unpriced` counts those without a cost, which are not in `cost_usd`.

    `latency_ms_mean` is None if no latency was given.
    """

    completions: int
    tokens_in: int
    tokens_out: int
    cost_usd: float
    unpriced: int
    latency_ms_mean: float | None


class Summary(Sums):
    """The sums over all completions, and `by_model`."""

    by_model: dict[str, Sums]


@dataclass(slots=True)
class _Tally:
    completions: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: float = 0.0
    unpriced: int = 0
    latencies: int = 0
    latency_ms: float = 0.0

    def add(
        self, tokens_in: int, tokens_out: int, cost_usd: float | None, latency_ms: float | None
    ) -> None:
        self.completions += 1
        self.tokens_in += tokens_in
        self.tokens_out += tokens_out
        self.cost_usd += cost_usd or 0.0
        self.unpriced += cost_usd is None
        self.latencies += latency_ms is not None
        self.latency_ms += latency_ms or 0.0

    def sums(self) -> Sums:
        return Sums(
            completions=self.completions,
            tokens_in=self.tokens_in,
            tokens_out=self.tokens_out,
            cost_usd=self.cost_usd,
            unpriced=self.unpriced,
            latency_ms_mean=self.latency_ms / self.latencies if self.latencies else None,
        )


class CostTracker:
    """Adds up completions as a program reports them. Threads may share it."""

    def __init__(self, *, price_of: PriceOf = price) -> None:
        self._price_of = price_of
        self._all = _Tally()
        self._by_model: dict[str, _Tally] = {}
        self._lock = threading.Lock()

    def record(
        self,
        *,
        model: str,
        tokens_in: int,
        tokens_out: int,
        cost_usd: float | None = None,
        latency_ms: float | None = None,
    ) -> None:
        """Add one completion. Without *cost_usd* it is worked out by the price table.

        Raises ValueError if a figure is negative or not finite.
        """
        figures = {
            "tokens_in": tokens_in,
            "tokens_out": tokens_out,
            "cost_usd": cost_usd,
            "latency_ms": latency_ms,
        }
        for name, value in figures.items():
            if value is not None and not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{name} is {value}, expected 0 or more")
        if cost_usd is None:
            cost_usd = self._cost(model, tokens_in, tokens_out)
        with self._lock:
            for tally in (self._all, self._by_model.setdefault(model, _Tally())):
                tally.add(tokens_in, tokens_out, cost_usd, latency_ms)

    def summary(self) -> Summary:
        """What was recorded so far: sums, and the same by model."""
        with self._lock:
            by_model = {model: tally.sums() for model, tally in sorted(self._by_model.items())}
            return Summary(**self._all.sums(), by_model=by_model)

    def _cost(self, model: str, tokens_in: int, tokens_out: int) -> float | None:
        found = self._price_of(model, datetime.datetime.now(datetime.UTC).date())
        amount = cost(CanonicalUsage(tokens_in, tokens_out), found) if found else None
        return amount.usd if amount else None
