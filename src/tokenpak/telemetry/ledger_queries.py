"""What the ledger sums up to: cost with and without packing, and what became of the cache."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tokenpak.telemetry.queries import KEYS
from tokenpak.telemetry.store import Ask, asking

# Both costs are known, so that they are of the same requests.
_PRICED = "cost_usd IS NOT NULL AND cost_unpacked_usd IS NOT NULL"
_REPORTED = "input_tokens IS NOT NULL AND cache_read_tokens IS NOT NULL"
_ALL = "'all'"
_MOST_BREAKS = 20
_MOST_EPOCHS = 20


@dataclass(frozen=True, slots=True)
class CostGroup:
    """The requests of one day, model or client whose cost is known."""

    name: str
    requests: int
    cost_usd: float
    cost_unpacked_usd: float

    @property
    def savings_usd(self) -> float:
        """What packing saved; negative where it did not pay."""
        return self.cost_unpacked_usd - self.cost_usd


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who saved what, in USD. Three figures of different kinds: they are never added up."""

    proxy_usd: float
    """By what TokenPak did to requests; negative where it did not pay."""
    client_usd: float
    """By the provider's cache, where the client had set its markers."""
    unclassified_usd: float
    """By the provider's cache, where nobody had set markers."""


@dataclass(frozen=True, slots=True)
class EpochCost:
    """One epoch: what rewriting the conversation cost, and what later turns did not have to read.

    Tokens are o200k. Costs are None where the price is not known. Turns are counted as long as the
    server runs that has seen the epoch begin, so what it returned is at least that.
    """

    request_id: str
    timestamp: float
    model: str | None
    why: str
    freed: int
    rewritten: int
    cost_usd: float | None
    returned_usd: float
    turns: int
    """Requests that were spared what it freed, its own among them."""

    @property
    def paid_back(self) -> bool | None:
        return None if self.cost_usd is None else self.returned_usd >= self.cost_usd


@dataclass(frozen=True, slots=True)
class Savings:
    """Cost with and without packing since a time, from what the providers reported."""

    since: float
    answered: int
    total: CostGroup
    """Of the answered requests those whose cost is known."""
    estimates: int
    """Requests whose saving is about right, as the provider's tokenizer is not public."""
    at_least: int
    """Requests whose saving is a lower bound."""
    prices_of: str | None
    attribution: Attribution
    by_day: tuple[CostGroup, ...]
    by_model: tuple[CostGroup, ...]
    by_client: tuple[CostGroup, ...]
    epochs: tuple[EpochCost, ...]
    """The newest first; at most 20."""


@dataclass(frozen=True, slots=True)
class CacheGroup:
    """What the provider read from its cache of the requests of one model or client."""

    name: str
    requests: int
    input_tokens: int
    read_tokens: int
    written_tokens: int

    @property
    def hit_rate(self) -> float:
        """Share of the input that was read from the cache, 0 to 1."""
        return self.read_tokens / self.input_tokens if self.input_tokens else 0.0


@dataclass(frozen=True, slots=True)
class Breaks:
    """Breaks of one cause, or of one cause and place. `tokens` were not read, as reported."""

    cause: str
    where: str
    number: int
    tokens: int
    last: float
    """When the newest happened, in seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class CacheReport:
    """The provider's prompt cache as it reported it, and what broke it."""

    since: float
    answered: int
    total: CacheGroup
    """Of the answered requests those for which the provider reported its cache."""
    by_model: tuple[CacheGroup, ...]
    by_client: tuple[CacheGroup, ...]
    by_cause: tuple[Breaks, ...]
    breaks: tuple[Breaks, ...]
    """By cause and place, the dearest first; at most 20."""


def savings(path: Path, since: float = 0.0) -> Savings:
    """Cost with and without packing in the database at *path*, from *since* on.

    Raises StoreError if there is no database yet, or it is damaged or of another version.
    """
    with asking(path, since) as ask:
        ((estimates, at_least, date),) = ask(
            "SELECT count(*) FILTER (WHERE savings_bound = 'estimate'),"
            " count(*) FILTER (WHERE savings_bound = 'at_least'), max(price_date)"
            f" FROM answered WHERE {_PRICED}"
        )
        return Savings(
            since=since,
            answered=_answered(ask),
            total=_costs(ask)[0],
            estimates=estimates,
            at_least=at_least,
            prices_of=date,
            attribution=_attribution(ask),
            by_day=_costs(ask, KEYS["day"], "1"),
            by_model=_costs(ask, KEYS["model"]),
            by_client=_costs(ask, KEYS["client"]),
            epochs=_epochs(ask),
        )


def cache(path: Path, since: float = 0.0) -> CacheReport:
    """What became of the providers' caches; parameters and errors as for `savings`."""
    with asking(path, since) as ask:
        return CacheReport(
            since=since,
            answered=_answered(ask),
            total=_hits(ask)[0],
            by_model=_hits(ask, KEYS["model"]),
            by_client=_hits(ask, KEYS["client"]),
            by_cause=_breaks(ask, "''"),
            breaks=_breaks(ask, "coalesce(cache_break_where, '')")[:_MOST_BREAKS],
        )


def _answered(ask: Ask) -> int:
    ((number,),) = ask("SELECT count(*) FROM answered")
    return int(number)


def _costs(ask: Ask, key: str = "", order: str = "2 DESC, 1") -> tuple[CostGroup, ...]:
    """The costs by *key*; without one, of all."""
    rows = ask(
        f"SELECT {key or _ALL}, count(*), coalesce(sum(cost_usd), 0),"
        f" coalesce(sum(cost_unpacked_usd), 0) FROM answered WHERE {_PRICED}"
        + (f" GROUP BY 1 ORDER BY {order}" if key else "")
    )
    return tuple(CostGroup(*values) for values in rows)


def _attribution(ask: Ask) -> Attribution:
    # Where the markers are ours, what the cache saved is part of what we saved.
    of_cache = "coalesce(sum(savings_cache_usd) FILTER (WHERE cache_origin = '{}'), 0)"
    ((ours, clients, nobodys),) = ask(
        "SELECT coalesce(sum(cost_unpacked_usd - cost_usd), 0),"
        f" {of_cache.format('client')}, {of_cache.format('unknown')} FROM answered"
    )
    return Attribution(ours, clients, nobodys)


def _epochs(ask: Ask) -> tuple[EpochCost, ...]:
    rows = ask(
        ", returned AS (SELECT key, sum(value) AS usd, count(*) AS turns"
        " FROM recent, json_each(epoch_returns) GROUP BY key)"
        " SELECT request_id, timestamp, model, epoch_why, epoch_freed, epoch_rewritten,"
        " epoch_cost_usd, coalesce(usd, 0), coalesce(turns, 0)"
        " FROM answered LEFT JOIN returned ON key = request_id"
        f" WHERE epoch_why IS NOT NULL ORDER BY timestamp DESC, id DESC LIMIT {_MOST_EPOCHS}"
    )
    return tuple(EpochCost(*values) for values in rows)


def _hits(ask: Ask, key: str = "") -> tuple[CacheGroup, ...]:
    """What was read from the cache by *key*; without one, of all."""
    rows = ask(
        f"SELECT {key or _ALL}, count(*), coalesce(sum(input_tokens), 0),"
        " coalesce(sum(cache_read_tokens), 0), coalesce(sum(cache_write_tokens), 0)"
        f" FROM answered WHERE {_REPORTED}" + (" GROUP BY 1 ORDER BY 3 DESC, 1" if key else "")
    )
    return tuple(CacheGroup(*values) for values in rows)


def _breaks(ask: Ask, where: str) -> tuple[Breaks, ...]:
    rows = ask(
        f"SELECT cache_break_cause, {where}, count(*), coalesce(sum(cache_break), 0),"
        " max(timestamp) FROM answered WHERE cache_break_cause IS NOT NULL"
        " GROUP BY 1, 2 ORDER BY 4 DESC, 3 DESC, 1, 2"
    )
    return tuple(Breaks(*values) for values in rows)
