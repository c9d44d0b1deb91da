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
        (usage(1000, 0, 0, 900, cache_write_1h_tokens=300), PRICE, 1000 + 600 * 12.5 + 300 * 20),
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
        (usage(cache_write_tokens=5, cache_write_1h_tokens=5), PRICE, "exact"),
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
    assert cost.unpacked_cost(cost.Split(0, 0, 1, "exact"), silent, PRICE) is None
    assert cost.cache_saving(silent, PRICE) is None


@pytest.mark.parametrize(
    ("reported", "split", "price", "expected"),
    [
        (usage(), cost.Split(0, 0, 1300, "exact"), PRICE, 1300 * 10 + 100 * 50),
        (usage(), cost.Split(700, 200, 100, "exact"), PRICE, 700 + 200 * 12.5 + 1000 + 5000),
        (usage(), cost.Split(700, 200, 100, "exact"), PLAIN_PRICE, 1000 * 2 + 800),
        (usage(), cost.Split(200_000, 0, 1, "exact"), PRICE, 200_000 * 2 + 20 + 100 * 100),
        (
            usage(1000, 0, 0, 800, cache_write_1h_tokens=400),
            cost.Split(0, 1000, 0, "exact"),
            PRICE,
            500 * 12.5 + 500 * 20,
        ),
    ],
)
def test_the_clients_own_input_has_the_same_prices(
    reported: CanonicalUsage, split: cost.Split, price: Price, expected: float
) -> None:
    assert usd(cost.unpacked_cost(split, reported, price)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("reported", "bound", "expected"),
    [
        (usage(), "exact", "exact"),
        (usage(), "estimate", "estimate"),
        (usage(cache_write_tokens=5), "exact", "at_least"),
        (usage(cache_write_tokens=5), "estimate", "estimate"),
        (usage(cache_write_tokens=5, cache_write_1h_tokens=0), "exact", "exact"),
        (usage(source=UsageSource.PROXY_ESTIMATE), "exact", "estimate"),
    ],
)
def test_an_unpacked_cost_is_as_sure_as_what_it_rests_on(
    reported: CanonicalUsage, bound: cost.Bound, expected: cost.Bound
) -> None:
    amount = cost.unpacked_cost(cost.Split(0, 0, 5, bound), reported, PRICE)
    assert amount and amount.bound == expected


def test_the_providers_cache_saves_the_difference_to_the_input_price() -> None:
    assert cost.cache_saving(usage(cache_read_tokens=600), PRICE) == pytest.approx(600 * 9 / 1e6)
    assert cost.cache_saving(usage(), PRICE) is None
