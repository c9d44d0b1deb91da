"""Factors learned from what providers reported."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.telemetry.exchanges import flow, usage
from tokenpak import tokens
from tokenpak.telemetry import calibration, store
from tokenpak.telemetry.events import Row, row

MODEL = "claude-learner-9"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    opened = store.open_telemetry(tmp_path / "t.db")
    yield opened
    opened.close()


def session(
    factor: float,
    turns: int,
    *,
    name: str = "s1",
    model: str = MODEL,
    overhead: int = 15_000,
    growth: int = 2000,
    noise: float = 0.0,
    status: int = 200,
) -> list[Row]:
    """A growing conversation whose provider counts *factor* tokens for each of ours."""
    dice = random.Random(1)
    sent, reported, rows = 0, float(overhead), []
    for turn in range(turns):
        rows.append(
            row(
                flow(
                    model=model,
                    session_id=name,
                    started=float(turn),
                    tokens_raw=sent + 500,
                    saved_tokens=500,
                    usage=usage(round(reported)),
                    status=status,
                ),
                None,
            )
        )
        sent += growth
        reported += growth * factor * (1 + noise * dice.uniform(-1, 1))
    return rows


def test_the_growth_of_a_session_gives_the_factor_whatever_the_tools_weigh(
    connection: sqlite3.Connection,
) -> None:
    store.insert(connection, session(1.45, 20, overhead=50_000))
    assert calibration.learn(connection) == (calibration.Calibration(MODEL, 1.45, 19),)


def test_releases_of_a_model_are_learned_as_one(connection: sqlite3.Connection) -> None:
    store.insert(connection, session(1.3, 8, model=f"{MODEL}-20260101", name="s1"))
    store.insert(connection, session(1.3, 8, model=f"anthropic/{MODEL}", name="s2"))
    assert calibration.learn(connection) == (calibration.Calibration(MODEL, 1.3, 14),)


def test_a_few_wild_figures_do_not_move_it(connection: sqlite3.Connection) -> None:
    store.insert(connection, session(1.3, 40, noise=0.05))
    store.insert(connection, session(2.9, 4, name="wild"))
    [learned] = calibration.learn(connection)
    assert learned.factor == pytest.approx(1.3, rel=0.03)


@pytest.mark.parametrize(
    "rows",
    [
        session(1.3, calibration.MIN_SAMPLES),
        session(1.3, 50, growth=100),
        session(1.3, 50, noise=0.9),
        session(9.0, 50),
        session(0.1, 50),
        session(1.3, 50, status=500),
        session(1.3, 50, model="gpt-5"),
    ],
    ids=["few", "small", "scattered", "too dear", "too cheap", "failed", "public encoding"],
)
def test_nothing_is_learned_from(connection: sqlite3.Connection, rows: list[Row]) -> None:
    store.insert(connection, rows)
    assert calibration.learn(connection) == ()


def test_a_rewind_is_no_growth(connection: sqlite3.Connection) -> None:
    rows = session(1.3, 12)
    store.insert(connection, [*rows, *(row for row in rows[:6])])
    [learned] = calibration.learn(connection)
    assert learned.factor == pytest.approx(1.3)


def test_what_was_saved_is_applied_by_another_process(
    connection: sqlite3.Connection, tmp_path: Path
) -> None:
    calibration.save(connection, (calibration.Calibration(MODEL, 1.25, 30),), 0.0)
    calibration.save(connection, (calibration.Calibration("claude-other-9", 99.0, 30),), 0.0)
    calibration.load(tmp_path / "t.db")
    assert tokens.learned_factors()[MODEL] == 1.25
    assert "claude-other-9" not in tokens.learned_factors()
    tokens.set_factor(MODEL, None)
