"""What the replay showed, as figures: tokens, cost, what stayed the same and what was packed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tokenpak.demo.provider import Arrival
from tokenpak.demo.replay import Turn
from tokenpak.demo.session import Session
from tokenpak.providers.pricing import Price, Prices
from tokenpak.providers.promptcache import Charge


@dataclass(frozen=True, slots=True)
class Way:
    """What reached the provider on one way, summed over all turns; tokens are o200k counts."""

    tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    uncached_tokens: int
    billed_tokens: float
    """Tokens at the base input price, a read at 0.1 and a write at 1.25."""
    cost_usd: float | None
    """At the model's list price; None if that is not known."""
    stable: float
    """Share of the bytes sent at the turn before that came again unchanged, 0 to 1."""
    refused: int
    """Requests that the provider would answer with 400."""


@dataclass(frozen=True, slots=True)
class Report:
    """Both ways side by side, and what the proxy did in between."""

    session: str
    source: str
    model: str
    prices_of: str | None
    turns: int
    direct: Way
    packed: Way
    saved_by: Mapping[str, int]
    """Tokens saved by technique, over all turns, as the proxy recorded them."""
    errors: int
    """Requests through the proxy that were not answered with 200 although direct ones were."""
    added_ms: float
    """Median over the turns of what the proxy added to a request."""


def make_report(
    session: Session,
    turns: Sequence[Turn],
    direct: Sequence[Arrival],
    packed: Sequence[Arrival],
    saved_by: Mapping[str, int],
) -> Report:
    """The report of one replay."""
    price = Prices.load().price(session.model)
    return Report(
        session=session.name,
        source=session.source,
        model=session.model,
        prices_of=price.date if price else None,
        turns=len(turns),
        direct=_way(direct, price),
        packed=_way(packed, price),
        saved_by=dict(sorted(saved_by.items(), key=lambda pair: -pair[1])),
        errors=sum(turn.packed.status != 200 == turn.direct.status for turn in turns),
        added_ms=round(median(turn.added_ms for turn in turns), 2),
    )


def _way(arrivals: Sequence[Arrival], price: Price | None) -> Way:
    charges = [each.charge for each in arrivals if each.charge]
    return Way(
        tokens=sum(each.tokens for each in charges),
        cache_read_tokens=sum(each.read for each in charges),
        cache_write_tokens=sum(each.written for each in charges),
        uncached_tokens=sum(each.rest for each in charges),
        billed_tokens=round(sum(each.billed for each in charges), 1),
        cost_usd=round(sum(_cost(each, price) for each in charges), 4) if price else None,
        stable=_stable(arrivals),
        refused=sum(each.refused is not None for each in arrivals),
    )


def _cost(charge: Charge, price: Price) -> float:
    rates = price.rates(charge.tokens)
    read = rates.input if rates.cache_read is None else rates.cache_read
    write = rates.input if rates.cache_write is None else rates.cache_write
    return (charge.read * read + charge.written * write + charge.rest * rates.input) / 1e6


def _stable(arrivals: Sequence[Arrival]) -> float:
    kept = total = 0
    for before, after in zip(arrivals, arrivals[1:], strict=False):
        same = True
        for old, new in zip(before.blocks, after.blocks, strict=False):
            same = same and old.key == new.key
            kept += len(old.text.encode("utf-8", "replace")) if same else 0
        total += sum(len(each.text.encode("utf-8", "replace")) for each in before.blocks)
    return kept / total if total else 1.0
