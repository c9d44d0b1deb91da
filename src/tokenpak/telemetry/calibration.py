"""How many tokens a model counts for one of o200k, learned from what providers reported."""

from __future__ import annotations

import sqlite3
import statistics
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tokenpak import _sqlite, tokens
from tokenpak.telemetry import store
from tokenpak.tokens.models import bare, tokenizer

MIN_SAMPLES = 10
_MIN_GROWTH = 300  # o200k tokens; below, the wrapping of a message weighs too much
_MAX_SPREAD = 0.3  # between the quartiles, as a share of the median
_PLAUSIBLE = (0.5, 3.0)
_NEWEST_ROWS = 5000

# Only conversations on which both sides counted: ours what was sent, the provider's the input.
_OBSERVED = f"""
SELECT model, client, session_id, tokens_raw - tokens_saved, input_tokens
FROM (SELECT * FROM requests ORDER BY id DESC LIMIT {_NEWEST_ROWS})
WHERE usage_source = 'provider_reported' AND status BETWEEN 200 AND 299
  AND model IS NOT NULL AND tokens_raw IS NOT NULL AND input_tokens IS NOT NULL
ORDER BY model, client, session_id, timestamp, id
"""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The provider's tokens per o200k token for `model` (bare name), as a median of `samples`."""

    model: str
    factor: float
    samples: int


def learn(connection: sqlite3.Connection) -> tuple[Calibration, ...]:
    """The factors that the recorded requests allow, for models without a public tokenizer.

    Looks at how much both counts grew between two requests of a session: tool definitions and
    system prompts, which are not part of ours, are in both requests and cancel out. A factor
    needs 10 such samples that agree.
    """
    ratios: dict[str, list[float]] = defaultdict(list)
    previous: tuple[tuple[str, str | None, str | None], int, int] | None = None
    for model, client, session, sent, reported in connection.execute(_OBSERVED):
        key = (model, client, session)
        if previous and previous[0] == key and sent - previous[1] >= _MIN_GROWTH:
            ratios[bare(model)].append((reported - previous[2]) / (sent - previous[1]))
        previous = (key, sent, reported)
    found = (_calibrate(model, values) for model, values in sorted(ratios.items()))
    return tuple(each for each in found if each)


def save(connection: sqlite3.Connection, learned: tuple[Calibration, ...], now: float) -> None:
    """Keep *learned* for the next start; factors of other models stay."""
    with _sqlite.transaction(connection):
        connection.executemany(
            "INSERT OR REPLACE INTO calibration (model, factor, samples, updated)"
            " VALUES (?, ?, ?, ?)",
            [(each.model, each.factor, each.samples, now) for each in learned],
        )


def saved(connection: sqlite3.Connection) -> tuple[Calibration, ...]:
    """The factors kept in the database."""
    rows = connection.execute("SELECT model, factor, samples FROM calibration ORDER BY model")
    return tuple(Calibration(*values) for values in rows)


def apply(learned: tuple[Calibration, ...]) -> None:
    """Let the estimates of this process use *learned*; factors that cannot be are left out."""
    for each in learned:
        if _PLAUSIBLE[0] <= each.factor <= _PLAUSIBLE[1]:
            tokens.set_factor(each.model, each.factor)


def load(path: Path) -> None:
    """Let the estimates of this process use what the database at *path* has learned.

    Raises StoreError if it cannot be read.
    """
    with store.reading(path) as connection:
        apply(saved(connection))


def _calibrate(model: str, ratios: list[float]) -> Calibration | None:
    plausible = [ratio for ratio in ratios if _PLAUSIBLE[0] <= ratio <= _PLAUSIBLE[1]]
    if len(plausible) < MIN_SAMPLES or tokenizer(model).encoding:
        return None
    low, median, high = statistics.quantiles(plausible, n=4, method="inclusive")
    if high - low > _MAX_SPREAD * median:
        return None
    return Calibration(model, round(median, 4), len(plausible))
