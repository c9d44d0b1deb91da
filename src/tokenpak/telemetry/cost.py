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
class Split:
    """The input of one request in the provider's tokens, by what each is charged at."""

    read: float
    written: float
    rest: float
    bound: Bound


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money and how far it can be relied on."""

    usd: float
    bound: Bound


def cost(usage: CanonicalUsage, price: Price) -> Amount | None:
    """What the exchange cost by *price*; None if the provider did not report the input.

    `at_least` where the output was not reported (a stream that broke off), or where the provider
    did not say whether tokens were written to the cache for an hour, which is dearer.
    """
    if usage.input_tokens is None:
        return None
    split = reported(usage, "at_least" if usage.output_tokens is None else "exact")
    return _charged(split, usage, price.rates(usage.input_tokens))


def unpacked_cost(split: Split, usage: CanonicalUsage, price: Price) -> Amount | None:
    """What the client's own bytes would have cost: *split* in place of the input of *usage*.

    Its difference to `cost` is what packing saved; it is negative where packing did not pay. None
    if the provider did not report the input.
    """
    if usage.input_tokens is None:
        return None
    return _charged(split, usage, price.rates(round(split.read + split.written + split.rest)))


def reported(usage: CanonicalUsage, bound: Bound = "exact") -> Split:
    """The input as the provider reported it; what it left out counts as none."""
    read, written = usage.cache_read_tokens or 0, usage.cache_write_tokens or 0
    return Split(read, written, max(0, (usage.input_tokens or 0) - read - written), bound)


def cache_saving(usage: CanonicalUsage, price: Price) -> float | None:
    """USD that the provider's own prompt cache took off the tokens read from it."""
    if usage.input_tokens is None or usage.cache_read_tokens is None:
        return None
    rates = price.rates(usage.input_tokens)
    return max(0.0, usage.cache_read_tokens * (rates.input - read_rate(rates)) / _MILLION)


def _charged(split: Split, usage: CanonicalUsage, rates: Rates) -> Amount:
    """The price of *split*, and of the output of *usage*."""
    written = usage.cache_write_tokens or 0
    hour = min(1.0, (usage.cache_write_1h_tokens or 0) / written) if written else 0.0
    total = (
        split.rest * rates.input
        + split.read * read_rate(rates)
        + split.written * (hour * _hour_rate(rates) + (1 - hour) * write_rate(rates))
        + (usage.output_tokens or 0) * rates.output
    )
    bound = split.bound
    if usage.source is not UsageSource.PROVIDER_REPORTED:
        bound = "estimate"
    elif bound == "exact" and _maybe_for_an_hour(usage, rates):
        bound = "at_least"
    return Amount(total / _MILLION, bound)


def _maybe_for_an_hour(usage: CanonicalUsage, rates: Rates) -> bool:
    unknown = bool(usage.cache_write_tokens) and usage.cache_write_1h_tokens is None
    return unknown and _hour_rate(rates) > write_rate(rates)


# Where a table has no price for the cache, the provider charges cached tokens as input.
def read_rate(rates: Rates) -> float:
    """USD of a million tokens that are read from the cache."""
    return rates.input if rates.cache_read is None else rates.cache_read


def write_rate(rates: Rates) -> float:
    """USD of a million tokens that are written to the cache, for five minutes."""
    return rates.input if rates.cache_write is None else rates.cache_write


def _hour_rate(rates: Rates) -> float:
    return write_rate(rates) if rates.cache_write_1h is None else rates.cache_write_1h
