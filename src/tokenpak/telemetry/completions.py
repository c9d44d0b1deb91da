"""What completions cost and how long they took, added up by model."""

from __future__ import annotations

import datetime
import math
import threading
import time
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
        self._tallies: dict[str, _Tally] = {}
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
            tally = self._tallies.setdefault(model, _Tally())
            tally.completions += 1
            tally.tokens_in += tokens_in
            tally.tokens_out += tokens_out
            if cost_usd is None:
                tally.unpriced += 1
            else:
                tally.cost_usd += cost_usd
            if latency_ms is not None:
                tally.latencies += 1
                tally.latency_ms += latency_ms

    def summary(self) -> Summary:
        """What was recorded so far: sums, and the same by model."""
        with self._lock:
            by_model = {model: tally.sums() for model, tally in sorted(self._tallies.items())}
            total = _Tally(
                completions=sum(each.completions for each in self._tallies.values()),
                tokens_in=sum(each.tokens_in for each in self._tallies.values()),
                tokens_out=sum(each.tokens_out for each in self._tallies.values()),
                cost_usd=math.fsum(each.cost_usd for each in self._tallies.values()),
                unpriced=sum(each.unpriced for each in self._tallies.values()),
                latencies=sum(each.latencies for each in self._tallies.values()),
                latency_ms=math.fsum(each.latency_ms for each in self._tallies.values()),
            )
        return Summary(**total.sums(), by_model=by_model)

    def _cost(self, model: str, tokens_in: int, tokens_out: int) -> float | None:
        today = datetime.datetime.fromtimestamp(time.time(), datetime.UTC).date()
        found = self._price_of(model, today)
        amount = cost(CanonicalUsage(tokens_in, tokens_out), found) if found else None
        return amount.usd if amount else None
