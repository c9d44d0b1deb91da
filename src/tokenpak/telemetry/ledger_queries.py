"""What the ledger sums up to: cost with and without packing, and what became of the cache."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from tokenpak._sqlite import explain
from tokenpak.telemetry import store

Dimension = Literal["day", "model", "client"]

_KEYS: dict[Dimension, str] = {
    "day": "date(timestamp, 'unixepoch')",  # UTC
    "model": "coalesce(model, 'unknown')",
    "client": "coalesce(client, 'unknown')",
}
_ANSWERED = "timestamp >= ? AND status BETWEEN 200 AND 299"
# Both costs are known, so that they are of the same requests.
_PRICED = f"{_ANSWERED} AND cost_usd IS NOT NULL AND cost_unpacked_usd IS NOT NULL"
_REPORTED = f"{_ANSWERED} AND input_tokens IS NOT NULL AND cache_read_tokens IS NOT NULL"
_MOST_BREAKS = 20
_MOST_EPOCHS = 20

_Found = TypeVar("_Found")


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
    return _read(path, lambda connection: _savings(connection, since))


def cache(path: Path, since: float = 0.0) -> CacheReport:
    """What became of the providers' caches; parameters and errors as for `savings`."""
    return _read(path, lambda connection: _cache(connection, since))


def _read(path: Path, ask: Callable[[sqlite3.Connection], _Found]) -> _Found:
    connection = store.read_telemetry(path)
    try:
        connection.execute("BEGIN")  # one snapshot, so that the sums agree
        return ask(connection)
    except sqlite3.Error as error:
        raise explain(path, error) from error
    finally:
        connection.close()


def _savings(connection: sqlite3.Connection, since: float) -> Savings:
    estimates, at_least, date = connection.execute(
        "SELECT coalesce(sum(savings_bound = 'estimate'), 0),"
        f" coalesce(sum(savings_bound = 'at_least'), 0), max(price_date)"
        f" FROM requests WHERE {_PRICED}",
        (since,),
    ).fetchone()
    return Savings(
        since=since,
        answered=_answered(connection, since),
        total=_costs(connection, since, "'all'", "1")[0],
        estimates=estimates,
        at_least=at_least,
        prices_of=date,
        attribution=_attribution(connection, since),
        by_day=_costs(connection, since, _KEYS["day"]),
        by_model=_costs(connection, since, _KEYS["model"], "2 DESC, 1"),
        by_client=_costs(connection, since, _KEYS["client"], "2 DESC, 1"),
        epochs=_epochs(connection, since),
    )


def _epochs(connection: sqlite3.Connection, since: float) -> tuple[EpochCost, ...]:
    rows = connection.execute(
        "WITH returned AS (SELECT key, sum(value) AS usd, count(*) AS turns"
        " FROM requests, json_each(epoch_returns) WHERE timestamp >= ? GROUP BY key)"
        " SELECT request_id, timestamp, model, epoch_why, epoch_freed, epoch_rewritten,"
        " epoch_cost_usd, coalesce(usd, 0), coalesce(turns, 0)"
        " FROM requests LEFT JOIN returned ON key = request_id"
        f" WHERE {_ANSWERED} AND epoch_why IS NOT NULL ORDER BY timestamp DESC LIMIT ?",
        (since, since, _MOST_EPOCHS),
    )
    return tuple(EpochCost(*values) for values in rows)


def _costs(
    connection: sqlite3.Connection, since: float, key: str, order: str = "1"
) -> tuple[CostGroup, ...]:
    group = "" if key == "'all'" else "GROUP BY 1"
    rows = connection.execute(
        f"SELECT {key}, count(*), coalesce(sum(cost_usd), 0), coalesce(sum(cost_unpacked_usd), 0)"
        f" FROM requests WHERE {_PRICED} {group} ORDER BY {order}",
        (since,),
    )
    return tuple(CostGroup(*values) for values in rows)


def _attribution(connection: sqlite3.Connection, since: float) -> Attribution:
    # Where the markers are ours, what the cache saved is part of what we saved.
    return Attribution(
        *connection.execute(
            "SELECT coalesce(sum(cost_unpacked_usd - cost_usd), 0),"
            " coalesce(sum(CASE cache_origin WHEN 'client' THEN savings_cache_usd END), 0),"
            " coalesce(sum(CASE cache_origin WHEN 'unknown' THEN savings_cache_usd END), 0)"
            f" FROM requests WHERE {_ANSWERED}",
            (since,),
        ).fetchone()
    )


def _cache(connection: sqlite3.Connection, since: float) -> CacheReport:
    return CacheReport(
        since=since,
        answered=_answered(connection, since),
        total=_hits(connection, since, "'all'")[0],
        by_model=_hits(connection, since, _KEYS["model"]),
        by_client=_hits(connection, since, _KEYS["client"]),
        by_cause=_breaks(connection, since, "''"),
        breaks=_breaks(connection, since, "coalesce(cache_break_where, '')")[:_MOST_BREAKS],
    )


def _hits(connection: sqlite3.Connection, since: float, key: str) -> tuple[CacheGroup, ...]:
    group = "" if key == "'all'" else "GROUP BY 1"
    rows = connection.execute(
        f"SELECT {key}, count(*), coalesce(sum(input_tokens), 0),"
        " coalesce(sum(cache_read_tokens), 0), coalesce(sum(cache_write_tokens), 0)"
        f" FROM requests WHERE {_REPORTED} {group} ORDER BY 3 DESC, 1",
        (since,),
    )
    return tuple(CacheGroup(*values) for values in rows)


def _breaks(connection: sqlite3.Connection, since: float, where: str) -> tuple[Breaks, ...]:
    rows = connection.execute(
        f"SELECT cache_break_cause, {where}, count(*), coalesce(sum(cache_break), 0),"
        f" max(timestamp) FROM requests WHERE {_ANSWERED} AND cache_break_cause IS NOT NULL"
        " GROUP BY 1, 2 ORDER BY 4 DESC, 3 DESC, 1, 2",
        (since,),
    )
    return tuple(Breaks(*values) for values in rows)


def _answered(connection: sqlite3.Connection, since: float) -> int:
    number: int = connection.execute(
        f"SELECT count(*) FROM requests WHERE {_ANSWERED}", (since,)
    ).fetchone()[0]
    return number
