"""What an exchange cost, and what was saved."""

from __future__ import annotations

import pytest

from tests.telemetry.exchanges import PLAIN_PRICE, PRICE, usage
from tokenpak.canonical import CanonicalUsage, UsageSource
from tokenpak.providers.pricing import Price
from tokenpak.telemetry import cost


def usd(amount: cost.Amount | None) -> float:
    assert amount is not None
    return amount.usd * 1e6


@pytest.mark.parametrize(
    ("reported", "price", "expected"),
    [
        (usage(1000, 100), PRICE, 1000 * 10 + 100 * 50),
        (usage(1000, 100, 600, 0), PRICE, 400 * 10 + 600 * 1 + 100 * 50),
        (usage(1000, 100, 600, 300), PRICE, 100 * 10 + 600 * 1 + 300 * 12.5 + 100 * 50),
        (usage(1000, 100, 600), PLAIN_PRICE, 1000 * 2 + 100 * 8),
        (usage(200_001, 0), PRICE, 200_001 * 20),
        (usage(200_000, 0), PRICE, 200_000 * 10),
        (usage(200_001, 10, 200_000), PRICE, 1 * 20 + 200_000 * 2 + 10 * 100),
        (usage(0, 0), PRICE, 0),
    ],
)
def test_each_kind_of_token_has_its_price(
    reported: CanonicalUsage, price: Price, expected: float
) -> None:
    assert usd(cost.cost(reported, price)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("reported", "price", "bound"),
    [
        (usage(), PRICE, "exact"),
        (usage(cache_read_tokens=5), PRICE, "exact"),
        (usage(output_tokens=None), PRICE, "at_least"),
        (usage(cache_write_tokens=5), PRICE, "at_least"),
        (usage(cache_write_tokens=5), PLAIN_PRICE, "exact"),
        (usage(source=UsageSource.PROXY_ESTIMATE), PRICE, "estimate"),
    ],
)
def test_a_cost_says_how_sure_it_is(
    reported: CanonicalUsage, price: Price, bound: cost.Bound
) -> None:
    amount = cost.cost(reported, price)
    assert amount and amount.bound == bound


def test_without_a_reported_input_there_is_no_cost() -> None:
    silent = usage(input_tokens=None)
    assert cost.cost(silent, PRICE) is None
    assert cost.saving(100, silent, PRICE, 1.0, exact=True) is None
    assert cost.cache_saving(silent, PRICE) is None


@pytest.mark.parametrize(
    ("reported", "price", "rate", "bound"),
    [
        (usage(), PRICE, 10, "exact"),
        (usage(cache_read_tokens=0, cache_write_tokens=0), PRICE, 10, "exact"),
        (usage(cache_read_tokens=1), PRICE, 1, "at_least"),
        (usage(cache_read_tokens=1, cache_write_tokens=1), PRICE, 1, "at_least"),
        (usage(cache_write_tokens=1), PRICE, 10, "at_least"),
        (usage(cache_read_tokens=1), PLAIN_PRICE, 2, "at_least"),
    ],
)
def test_a_saved_token_is_worth_what_it_would_have_cost_at_least(
    reported: CanonicalUsage, price: Price, rate: float, bound: cost.Bound
) -> None:
    amount = cost.saving(300, reported, price, 1.0, exact=True)
    assert usd(amount) == pytest.approx(300 * rate)
    assert amount and amount.bound == bound


def test_a_saving_in_an_estimated_unit_is_an_estimate() -> None:
    amount = cost.saving(300, usage(), PRICE, 1.5, exact=False)
    assert usd(amount) == pytest.approx(300 * 1.5 * 10)
    assert amount and amount.bound == "estimate"


def test_the_providers_cache_saves_the_difference_to_the_input_price() -> None:
    assert cost.cache_saving(usage(cache_read_tokens=600), PRICE) == pytest.approx(600 * 9 / 1e6)
    assert cost.cache_saving(usage(), PRICE) is None
