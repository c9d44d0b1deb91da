"""Sums over the recorded requests, each with where its figures come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tokenpak.canonical import Confidence, UsageSource
from tokenpak.telemetry.store import Ask, asking

Dimension = Literal["model", "client", "provider", "day", "mode", "combo"]

KEYS: Mapping[Dimension, str] = {
    "model": "coalesce(model, 'unknown')",
    "client": "coalesce(client, 'unknown')",
    "provider": "provider",
    "day": "date(timestamp, 'unixepoch')",  # UTC
    "mode": "substr(mode, instr(mode, '/') + 1)",  # after when: hybrid/pack
    "combo": "combo",
}
_SUMS = (
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


def summary(path: Path, since: float = 0.0, *, or_empty: bool = False) -> Summary:
    """The sums of the database at *path* from *since* on (seconds since the epoch).

    Raises StoreError if it is damaged or newer, or there is no database yet; with *or_empty* that
    is one without requests.
    """
    with asking(path, since, or_empty=or_empty) as ask:
        ((requests, answered),) = ask(
            "SELECT count(*), count(*) FILTER (WHERE is_answered) FROM recent"
        )
        return Summary(
            since=since,
            requests=requests,
            answered=answered,
            errors_by_code=_failures(ask),
            tokens_raw=_counted(ask, "tokens_raw"),
            tokens_saved=_counted(ask, "tokens_saved"),
            saved_by=_by_name(ask, "saved_by"),
            cuts=_by_name(ask, "cuts"),
            fetched=_by_name(ask, "fetched"),
            input_tokens=_reported(ask, "input_tokens"),
            output_tokens=_reported(ask, "output_tokens"),
            cache_read_tokens=_reported(ask, "cache_read_tokens"),
            cache_write_tokens=_reported(ask, "cache_write_tokens"),
            reasoning_tokens=_reported(ask, "reasoning_tokens"),
            cost_usd=_money(ask, "cost_usd", "cost_bound"),
            savings_usd=_money(ask, "savings_usd", "savings_bound"),
            savings_cache_usd=_money(ask, "savings_cache_usd", "'exact'"),
            by_model=_groups(ask, "model"),
            by_client=_groups(ask, "client"),
            by_provider=_groups(ask, "provider"),
            by_day=_groups(ask, "day"),
            by_mode=_groups(ask, "mode"),
            by_combo=_groups(ask, "combo"),
            by_engine=_engines(ask),
        )


def _sum(ask: Ask, column: str) -> tuple[float, int]:
    ((value, known),) = ask(f"SELECT coalesce(sum({column}), 0), count({column}) FROM answered")
    return value, known


def _counted(ask: Ask, column: str) -> Figure:
    note = "counted in o200k tokens"
    return Figure(*_sum(ask, column), UsageSource.TOKEN_COUNTED, Confidence.HIGH, note)


def _reported(ask: Ask, column: str) -> Figure:
    value, known = _sum(ask, column)
    if not known:
        return Figure(0, 0, UsageSource.UNKNOWN, Confidence.LOW, "no provider reported it")
    ((ours,),) = ask(
        f"SELECT count({column}) FROM answered WHERE usage_source <> 'provider_reported'"
    )
    if ours:
        note = f"of {ours} of {known} requests not reported by the provider"
        return Figure(value, known, UsageSource.PROXY_ESTIMATE, Confidence.MEDIUM, note)
    return Figure(value, known, UsageSource.PROVIDER_REPORTED, Confidence.HIGH)


def _money(ask: Ask, column: str, bound: str) -> Figure:
    """A sum in USD; *bound* is the SQL for how sure each row's share of it is."""
    value, known = _sum(ask, column)
    if not known:
        return Figure(0, 0, UsageSource.UNKNOWN, Confidence.LOW, "no price or no usage is known")
    ((at_least, estimates, first, last),) = ask(
        f"SELECT sum({bound} = 'at_least'), sum({bound} = 'estimate'), min(price_date),"
        f" max(price_date) FROM answered WHERE {column} IS NOT NULL"
    )
    note = f"prices of {first}" if first == last else f"prices of {first} to {last}"
    if not at_least and not estimates:
        return Figure(value, known, UsageSource.PROVIDER_REPORTED, Confidence.HIGH, note)
    # A sum that holds an estimate may be too high, so it is no lower bound.
    note = f"{'estimate' if estimates else 'at least'}; {note}"
    # A saving rests on our count of what was not sent, a cost on what the provider reported.
    source = UsageSource.PROVIDER_REPORTED
    if column == "savings_usd" or estimates:
        source = UsageSource.PROXY_ESTIMATE
    return Figure(value, known, source, Confidence.MEDIUM, note)


def _by_name(ask: Ask, column: str) -> dict[str, int]:
    return dict(
        ask(
            f"SELECT each.key, sum(each.value) FROM answered, json_each({column}) AS each"
            " GROUP BY 1 ORDER BY 2 DESC, 1"
        )
    )


def _engines(ask: Ask) -> tuple[Engine, ...]:
    rows = ask(
        "SELECT each.key, count(*), sum(each.value) FROM answered, json_each(engines) AS each"
        " GROUP BY 1 ORDER BY 3 DESC, 1"
    )
    return tuple(Engine(*values) for values in rows)


def _failures(ask: Ask) -> dict[str, int]:
    return dict(
        ask(
            "SELECT coalesce(error_code, 'status ' || coalesce(status, 'none')), count(*)"
            " FROM recent WHERE error_code IS NOT NULL OR NOT is_answered"
            " GROUP BY 1 ORDER BY 2 DESC, 1"
        )
    )


def _groups(ask: Ask, dimension: Dimension) -> tuple[Group, ...]:
    of_answered = "FILTER (WHERE is_answered)"
    sums = ", ".join(f"coalesce(sum({column}) {of_answered}, 0)" for column in _SUMS)
    key = KEYS[dimension]
    rows = ask(
        f"SELECT {key}, count(*), count(*) {of_answered}, {sums} FROM recent"
        f" WHERE {key} IS NOT NULL GROUP BY 1 ORDER BY {'1' if dimension == 'day' else '2 DESC, 1'}"
    )
    return tuple(Group(*values) for values in rows)
