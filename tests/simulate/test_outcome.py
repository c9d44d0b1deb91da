"""Figures that add up."""

from __future__ import annotations

import pytest

from tokenpak.simulate.outcome import Figures, Kind, Way

ONE = Figures(1, 10, Way(100, 50.0, 1.0, 120, 60.0), Way(80, 45.0, 0.5, 100, 54.0), 4, 3)
TWO = Figures(1, 5, Way(300, 50.0), Way(300, 50.0), 0, 0, unpriced=1, without_system=1, ms=2.0)


def test_sums_are_taken_field_by_field() -> None:
    assert ONE + TWO == Figures(
        2,
        15,
        Way(400, 100.0, 1.0, 120, 60.0),
        Way(380, 95.0, 0.5, 100, 54.0),
        4,
        3,
        unpriced=1,
        without_system=1,
        ms=2.0,
    )
    assert ONE + Figures() == ONE
    assert Kind(3, 2) + Kind(1, 1) == Kind(4, 3)


def test_shares_are_of_what_was_sent_without_packing() -> None:
    assert (ONE.saved_tokens, ONE.saved_cost, ONE.recall) == pytest.approx((0.2, 0.1, 0.75))
    assert (Figures().saved_tokens, Figures().saved_cost, Figures().recall) == (0, 0, 1)


def test_programs_get_the_shares_in_percent() -> None:
    found = ONE.as_dict()

    assert found["saved_tokens_pct"] == 20.0
    assert found["saved_cost_pct"] == found["saved_json_cost_pct"] == 10.0
    assert found["direct"] == {
        "tokens": 100,
        "billed": 50.0,
        "usd": 1.0,
        "json_tokens": 120,
        "json_billed": 60.0,
    }
