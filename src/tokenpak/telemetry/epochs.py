"""Whether an epoch paid: what its rewrite cost, and what every later turn did not have to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tokenpak.canonical import CanonicalUsage
from tokenpak.flow import Epoch
from tokenpak.providers.pricing import Rates
from tokenpak.telemetry.cost import read_rate, write_rate

_MILLION = 1_000_000

Open = tuple[str, float]
"""The id of the request with which an epoch began, and the provider's tokens that it freed."""


@dataclass(frozen=True, slots=True)
class EpochEntry:
    """What the ledger says of the epochs of one conversation at one of its requests."""

    began: tuple[Epoch, ...] = ()
    """Those that begin with this request."""
    again: float = 0.0
    """The provider's tokens that it had held, and had to be told again."""
    open: tuple[Open, ...] = field(default=())
    """All so far, this request's own too: each spares this request what it freed."""


def enter(
    request_id: str,
    began: tuple[Epoch, ...],
    before: tuple[Open, ...],
    factor: float,
    unread: int | None,
    *,
    cold: bool,
) -> EpochEntry:
    """The entry of a request with which *began* begin, in a conversation with *before*.

    *factor* makes the provider's tokens of ours; *unread* is what it reported as lost, None where
    it reported nothing: then all that was rewritten counts, unless the cache was *cold* anyway.
    """
    if not began:
        return EpochEntry(open=before)
    freed = sum(each.freed for each in began) * factor
    rewritten = sum(each.rewritten for each in began) * factor
    again = rewritten
    if unread is not None:  # of what was lost, what was freed has not to be told again
        again = min(rewritten, max(0.0, unread - freed))
    return EpochEntry(began, 0.0 if cold else again, (*before, (request_id, freed)))


def cost_usd(entry: EpochEntry, usage: CanonicalUsage, rates: Rates) -> float:
    """What writing again cost more than reading would have."""
    fresh = write_rate(rates) if usage.cache_write_tokens else rates.input
    return entry.again * (fresh - read_rate(rates)) / _MILLION


def returns_usd(entry: EpochEntry, usage: CanonicalUsage, rates: Rates) -> Mapping[str, float]:
    """What each epoch saved on this request, by the id of the request with which it began.

    What was freed would have been read where the provider read anything, else it would have been
    paid for as new.
    """
    if usage.cache_read_tokens:
        rate = read_rate(rates)
    else:
        rate = write_rate(rates) if usage.cache_write_tokens else rates.input
    return {id: freed * rate / _MILLION for id, freed in entry.open}
