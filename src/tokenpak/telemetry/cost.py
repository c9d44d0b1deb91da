"""The cost of one exchange and the worth of what was not sent, from reported usage and prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tokenpak.canonical import CanonicalUsage, UsageSource
from tokenpak.providers.pricing import Price, Rates

Bound = Literal["exact", "estimate", "at_least"]
"""How a sum relates to the provider's bill: equal, about, or not above it."""

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money and how far it can be relied on."""

    usd: float
    bound: Bound


def cost(usage: CanonicalUsage, price: Price) -> Amount | None:
    """What the exchange cost by *price*; None if the provider did not report the input.

    `at_least` where the output was not reported (a stream that broke off), or where the tokens
    written to the cache may have been written for an hour, which is dearer.
    """
    if usage.input_tokens is None:
        return None
    rates = price.rates(usage.input_tokens)
    read = usage.cache_read_tokens or 0
    written = usage.cache_write_tokens or 0
    fresh = max(0, usage.input_tokens - read - written)
    total = (
        fresh * rates.input
        + read * _read_rate(rates)
        + written * _write_rate(rates)
        + (usage.output_tokens or 0) * rates.output
    )
    return Amount(total / _MILLION, _bound(usage, rates))


def saving(
    saved_tokens: int, usage: CanonicalUsage, price: Price, factor: float, *, exact: bool
) -> Amount | None:
    """The worth of *saved_tokens* (o200k) that the request did not hold, by *price*.

    *factor* turns them into the model's tokens; *exact* says whether it is 1 by definition.
    Without any caching in the exchange each would have been paid as input. If the provider read
    part of the prompt from its cache, it would have read what we removed from there, too, as far
    as it had been sent before; how far is not known, so all of it counts at the price of a cache
    read: the saving is at least that.
    """
    if usage.input_tokens is None:
        return None
    rates = price.rates(usage.input_tokens)
    rate = rates.input
    bound: Bound = "exact" if exact else "estimate"
    if usage.cache_read_tokens:
        rate, bound = min(rate, _read_rate(rates)), "at_least"
    elif usage.cache_write_tokens:
        rate, bound = min(rate, _write_rate(rates)), "at_least"
    return Amount(saved_tokens * factor * rate / _MILLION, bound)


def cache_saving(usage: CanonicalUsage, price: Price) -> float | None:
    """USD that the provider's own prompt cache took off the tokens read from it."""
    if usage.input_tokens is None or usage.cache_read_tokens is None:
        return None
    rates = price.rates(usage.input_tokens)
    return max(0.0, usage.cache_read_tokens * (rates.input - _read_rate(rates)) / _MILLION)


def _bound(usage: CanonicalUsage, rates: Rates) -> Bound:
    if usage.source is not UsageSource.PROVIDER_REPORTED:
        return "estimate"
    dearer_hour = rates.cache_write_1h is not None and rates.cache_write_1h > _write_rate(rates)
    if usage.output_tokens is None or (usage.cache_write_tokens and dearer_hour):
        return "at_least"
    return "exact"


# Where a table has no price for the cache, the provider charges cached tokens as input.
def _read_rate(rates: Rates) -> float:
    return rates.input if rates.cache_read is None else rates.cache_read


def _write_rate(rates: Rates) -> float:
    return rates.input if rates.cache_write is None else rates.cache_write
