from __future__ import annotations

import importlib
from typing import Any

import pytest

from tests.telemetry.exchanges import PLAIN_PRICE
from tokenpak.telemetry.completions import CostTracker


def tracker() -> CostTracker:
    return CostTracker(price_of=lambda model, day: PLAIN_PRICE if model == "plain" else None)


def test_adds_up_by_model() -> None:
    found = tracker()
    found.record(model="b", tokens_in=10, tokens_out=1, cost_usd=0.5, latency_ms=100)
    found.record(model="a", tokens_in=20, tokens_out=2, cost_usd=0.25)
    found.record(model="b", tokens_in=30, tokens_out=3, cost_usd=0.125, latency_ms=300)
    summary = found.summary()

    assert list(summary["by_model"]) == ["a", "b"]
    assert summary["by_model"]["b"] == {
        "completions": 2, "tokens_in": 40, "tokens_out": 4, "cost_usd": 0.625, "unpriced": 0,
        "latency_ms_mean": 200.0,
    }  # fmt: skip
    assert (summary["completions"], summary["tokens_in"], summary["cost_usd"]) == (3, 60, 0.875)
    assert summary["latency_ms_mean"] == 200.0


def test_a_cost_that_is_not_given_comes_from_the_price_table() -> None:
    found = tracker()
    found.record(model="plain", tokens_in=1_000_000, tokens_out=500_000)
    found.record(model="nobody's", tokens_in=1, tokens_out=1)

    assert found.summary()["cost_usd"] == pytest.approx(2.0 + 4.0)
    assert found.summary()["unpriced"] == 1


def test_nothing_recorded_is_nothing_spent() -> None:
    assert tracker().summary() == {
        "completions": 0, "tokens_in": 0, "tokens_out": 0, "cost_usd": 0, "unpriced": 0,
        "latency_ms_mean": None, "by_model": {},
    }  # fmt: skip


@pytest.mark.parametrize("figure", [{"tokens_in": -1}, {"cost_usd": float("nan")}])
def test_a_figure_that_is_none_is_refused(figure: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected 0 or more"):
        tracker().record(**({"model": "a", "tokens_in": 1, "tokens_out": 1} | figure))


def test_it_has_its_published_address() -> None:
    published = importlib.import_module("tokenpak.agent.telemetry.cost_tracker")

    assert published.CostTracker is CostTracker
