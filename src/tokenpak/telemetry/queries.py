"""Sums over the recorded requests, each with where its figures come from."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tokenpak._sqlite import explain
from tokenpak.canonical import Confidence, UsageSource
from tokenpak.telemetry import store

Dimension = Literal["model", "client", "provider", "day", "mode", "combo"]

_KEYS: Mapping[Dimension, str] = {
    "model": "coalesce(model, 'unknown')",
    "client": "coalesce(client, 'unknown')",
    "provider": "provider",
    "day": "date(timestamp, 'unixepoch')",  # UTC
    "mode": "substr(mode, instr(mode, '/') + 1)",  # after when: hybrid/pack
    "combo": "combo",
}

# What was answered: a request that failed cost nothing, and nothing was saved on it.
_ANSWERED = "status BETWEEN 200 AND 299"


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum with its origin.

    `requests` is how many of the answered requests it covers: those for which the figure is known.
    `note` says in words what a reader must know about it.
    """

    value: float
    requests: int
    source: UsageSource
    confidence: Confidence
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The requests of one model, client, provider, day, mode or combo; sums over what is known."""

    name: str
    requests: int
    answered: int
    tokens_raw: int
    tokens_saved: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cost_usd: float
    savings_usd: float
    compression_ms: float


@dataclass(frozen=True, slots=True)
class Engine:
    """What one engine saved, over how many requests."""

    name: str
    requests: int
    tokens_saved: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What was sent, saved and paid since a time."""

    since: float
    requests: int
    answered: int
    """Requests with a status of 2xx; all figures are about these."""
    errors_by_code: Mapping[str, int]
    """Requests not answered with 2xx, and those that met a failure of ours but passed."""
    tokens_raw: Figure
    tokens_saved: Figure
    saved_by: Mapping[str, int]
    """`tokens_saved` by technique, the largest first."""
    cuts: Mapping[str, int]
    """Results of which lines were left out, by kind of output, the most frequent first."""
    fetched: Mapping[str, int]
    """Of these, how many the agent came back for."""
    input_tokens: Figure
    output_tokens: Figure
    cache_read_tokens: Figure
    cache_write_tokens: Figure
    reasoning_tokens: Figure
    cost_usd: Figure
    savings_usd: Figure
    savings_cache_usd: Figure
    """What the provider's own cache took off; never part of `savings_usd`."""
    by_model: tuple[Group, ...]
    by_client: tuple[Group, ...]
    by_provider: tuple[Group, ...]
    by_day: tuple[Group, ...]
    by_mode: tuple[Group, ...]
    by_combo: tuple[Group, ...]
    """The requests under a combo only, by its id."""
    by_engine: tuple[Engine, ...]

    @property
    def savings_pct(self) -> float:
        """Tokens saved as a percentage of what the packed requests held, both by our count."""
        return 100 * self.tokens_saved.value / self.tokens_raw.value if self.tokens_raw.value else 0


def summary(path: Path, since: float = 0.0) -> Summary:
    """The sums of the database at *path* from *since* on (seconds since the epoch).

    Raises StoreError if there is no database yet, or it is damaged or newer.
    """
    connection = store.read_telemetry(path)
    try:
        # One snapshot, so that the sums agree while requests are being recorded.
        connection.execute("BEGIN")
        return _summary(connection, since)
    except sqlite3.Error as error:
        raise explain(path, error) from error
    finally:
        connection.close()


def _summary(connection: sqlite3.Connection, since: float) -> Summary:
    requests, answered = connection.execute(
        f"SELECT count(*), coalesce(sum({_ANSWERED}), 0) FROM requests WHERE timestamp >= ?",
        (since,),
    ).fetchone()
    return Summary(
        since=since,
        requests=requests,
        answered=answered,
        errors_by_code=_failures(connection, since),
        tokens_raw=_counted(connection, since, "tokens_raw"),
        tokens_saved=_counted(connection, since, "tokens_saved"),
        saved_by=_by_name(connection, since, "saved_by"),
        cuts=_by_name(connection, since, "cuts"),
        fetched=_by_name(connection, since, "fetched"),
        input_tokens=_reported(connection, since, "input_tokens"),
        output_tokens=_reported(connection, since, "output_tokens"),
        cache_read_tokens=_reported(connection, since, "cache_read_tokens"),
        cache_write_tokens=_reported(connection, since, "cache_write_tokens"),
        reasoning_tokens=_reported(connection, since, "reasoning_tokens"),
        cost_usd=_money(connection, since, "cost_usd", "cost_bound"),
        savings_usd=_money(connection, since, "savings_usd", "savings_bound"),
        savings_cache_usd=_money(connection, since, "savings_cache_usd", "'exact'"),
        by_model=_groups(connection, since, "model"),
        by_client=_groups(connection, since, "client"),
        by_provider=_groups(connection, since, "provider"),
        by_day=_groups(connection, since, "day"),
        by_mode=_groups(connection, since, "mode"),
        by_combo=_groups(connection, since, "combo"),
        by_engine=_engines(connection, since),
    )


def _sum(connection: sqlite3.Connection, since: float, column: str) -> tuple[float, int]:
    value, known = connection.execute(
        f"SELECT coalesce(sum({column}), 0), count({column}) FROM requests"
        f" WHERE timestamp >= ? AND {_ANSWERED}",
        (since,),
    ).fetchone()
    return value, known


def _counted(connection: sqlite3.Connection, since: float, column: str) -> Figure:
    value, known = _sum(connection, since, column)
    return Figure(
        value, known, UsageSource.TOKEN_COUNTED, Confidence.HIGH, "counted in o200k tokens"
    )


def _reported(connection: sqlite3.Connection, since: float, column: str) -> Figure:
    value, known = _sum(connection, since, column)
    if not known:
        return Figure(0, 0, UsageSource.UNKNOWN, Confidence.LOW, "no provider reported it")
    ours = connection.execute(
        f"SELECT count({column}) FROM requests WHERE timestamp >= ? AND {_ANSWERED}"
        " AND usage_source <> 'provider_reported'",
        (since,),
    ).fetchone()[0]
    if ours:
        note = f"of {ours} of {known} requests not reported by the provider"
        return Figure(value, known, UsageSource.PROXY_ESTIMATE, Confidence.MEDIUM, note)
    return Figure(value, known, UsageSource.PROVIDER_REPORTED, Confidence.HIGH)


def _money(connection: sqlite3.Connection, since: float, column: str, bound: str) -> Figure:
    """A sum in USD; *bound* is the SQL for how sure each row's share of it is."""
    value, known = _sum(connection, since, column)
    if not known:
        return Figure(0, 0, UsageSource.UNKNOWN, Confidence.LOW, "no price or no usage is known")
    at_least, estimates, first, last = connection.execute(
        f"SELECT sum({bound} = 'at_least'), sum({bound} = 'estimate'), min(price_date),"
        f" max(price_date) FROM requests WHERE timestamp >= ? AND {_ANSWERED}"
        f" AND {column} IS NOT NULL",
        (since,),
    ).fetchone()
    note = f"prices of {first}" if first == last else f"prices of {first} to {last}"
    if not at_least and not estimates:
        return Figure(value, known, UsageSource.PROVIDER_REPORTED, Confidence.HIGH, note)
    note = f"{'at least' if at_least else 'estimate'}; {note}"
    # A saving rests on our count of what was not sent, a cost on what the provider reported.
    source = UsageSource.PROVIDER_REPORTED
    if column == "savings_usd" or estimates:
        source = UsageSource.PROXY_ESTIMATE
    return Figure(value, known, source, Confidence.MEDIUM, note)


def _by_name(connection: sqlite3.Connection, since: float, column: str) -> dict[str, int]:
    return dict(
        connection.execute(
            f"SELECT each.key, sum(each.value) AS saved FROM requests, json_each({column}) AS each"
            f" WHERE timestamp >= ? AND {_ANSWERED} GROUP BY each.key"
            " ORDER BY saved DESC, each.key",
            (since,),
        )
    )


def _engines(connection: sqlite3.Connection, since: float) -> tuple[Engine, ...]:
    rows = connection.execute(
        "SELECT each.key, count(*), sum(each.value) FROM requests, json_each(engines) AS each"
        f" WHERE timestamp >= ? AND {_ANSWERED} GROUP BY each.key ORDER BY 3 DESC, 1",
        (since,),
    )
    return tuple(Engine(*values) for values in rows)


def _failures(connection: sqlite3.Connection, since: float) -> dict[str, int]:
    return dict(
        connection.execute(
            "SELECT coalesce(error_code, 'status ' || coalesce(status, 'none')), count(*) AS number"
            f" FROM requests WHERE timestamp >= ? AND"
            f" (error_code IS NOT NULL OR status IS NULL OR NOT {_ANSWERED})"
            " GROUP BY 1 ORDER BY number DESC, 1",
            (since,),
        )
    )


def _groups(
    connection: sqlite3.Connection, since: float, dimension: Dimension
) -> tuple[Group, ...]:
    sums = ", ".join(
        f"coalesce(sum(CASE WHEN {_ANSWERED} THEN {column} END), 0)"
        for column in (
            "tokens_raw",
            "tokens_saved",
            "input_tokens",
            "output_tokens",
            "cache_read_tokens",
            "cache_write_tokens",
            "cost_usd",
            "savings_usd",
            "compression_ms",
        )
    )
    key = _KEYS[dimension]
    order = "1" if dimension == "day" else "2 DESC, 1"
    rows = connection.execute(
        f"SELECT {key}, count(*), coalesce(sum({_ANSWERED}), 0), {sums}"
        f" FROM requests WHERE timestamp >= ? AND {key} IS NOT NULL GROUP BY 1 ORDER BY {order}",
        (since,),
    )
    return tuple(Group(*values) for values in rows)
