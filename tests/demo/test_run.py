"""The demonstration from start to end: the real proxy in front of the simulated provider."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from tokenpak.demo.provider import Arrival
from tokenpak.demo.report import Report
from tokenpak.demo.run import run
from tokenpak.demo.session import Session, load


@pytest.fixture(scope="module")
def session() -> Session:
    recorded = load()
    return replace(recorded, messages=recorded.messages[:60])


@pytest.fixture(scope="module")
def report(session: Session) -> Report:
    return run(session)


def test_the_session_costs_less_and_nothing_is_refused(report: Report) -> None:
    assert report.packed.billed_tokens < report.direct.billed_tokens
    assert (report.packed.refused, report.direct.refused, report.errors) == (0, 0, 0)


def test_what_was_sent_stays_the_same(report: Report) -> None:
    assert (report.packed.stable, report.direct.stable) == (1.0, 1.0)


def test_the_techniques_account_for_what_was_saved(report: Report) -> None:
    assert {"references", "gutter"} <= set(report.saved_by)
    # Both sides count the same texts; they differ by the tokens that span two lines of a block.
    saved = report.direct.tokens - report.packed.tokens
    assert sum(report.saved_by.values()) == pytest.approx(saved, rel=0.01)


def test_the_figures_are_the_same_in_every_run(report: Report, session: Session) -> None:
    again = run(session)

    assert asdict(replace(again, added_ms=0.0)) == asdict(replace(report, added_ms=0.0))


def test_switched_off_it_costs_what_the_direct_way_costs(session: Session) -> None:
    seen: list[tuple[Arrival, Arrival]] = []

    off = run(session, "off", lambda *pair: seen.append(pair))

    assert off.packed == off.direct
    assert off.saved_by == {}
    assert len(seen) == off.turns == len(session.turns())
    assert all(direct.blocks == packed.blocks for direct, packed in seen)
