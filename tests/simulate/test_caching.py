"""What requests cost on one way."""

from __future__ import annotations

import pytest

from tokenpak.providers.pricing import Prices
from tokenpak.simulate.caching import Lane
from tokenpak.simulate.conversation import Conversation
from tokenpak.simulate.reading import Sizes
from tokenpak.tokens import model_factor

PRICES = Prices.load()
SIZES = Sizes([0, 10_000, 1_000], [0, 10_000, 1_000])


def lane(wire: str = "anthropic", model: str | None = None) -> Lane:
    return Lane(Conversation("p", "a", wire, [], model=model), SIZES, PRICES)


def test_what_was_sent_before_is_read_and_what_is_new_is_written() -> None:
    found = lane()
    first, second = found.send(1, [0], 0.0), found.send(2, [1], 60.0)

    assert (first.billed, first.json_billed) == (12_500, 12_500)
    assert second.billed == second.json_billed == pytest.approx(0.1 * 10_000 + 1.25 * 1_000)
    assert second.tokens == 11_000


def test_after_five_minutes_it_is_written_anew() -> None:
    found = lane()
    found.send(1, [0], 0.0)

    assert found.send(2, [1], 301.0).billed == 1.25 * 11_000


def test_a_part_that_changes_is_written_anew_with_what_follows() -> None:
    found = lane()
    found.send(2, [0, 1], 0.0)
    found.change(1, b"shorter", -400, -300)
    again = found.send(2, [0, 1], 1.0)

    assert (again.tokens, again.json_tokens) == (10_600, 10_700)
    assert again.billed == pytest.approx(0.1 * 10_000 + 1.25 * 600)


@pytest.mark.parametrize(
    ("wire", "model", "billed"),
    [
        ("openai_chat", None, 0.1 * 9_984 + 1_016),
        ("openai_responses", "gpt-5", 0.1 * 9_984 + 1_016),
        ("gemini", None, 0.1 * 10_000 + 1_000),
        ("openai_chat", "claude-sonnet-4-5", 0.1 * 10_000 + 1.25 * 1_000),
        ("ollama", None, 11_000),
    ],
)
def test_the_model_tells_the_provider_and_the_format_where_it_does_not(
    wire: str, model: str | None, billed: float
) -> None:
    found = lane(wire, model)
    found.send(1, [0], 0.0)

    assert found.send(2, [1], 1.0).billed == pytest.approx(billed)


def test_money_is_counted_in_the_model_s_own_tokens_and_prices() -> None:
    found = lane(model="claude-sonnet-4-5")
    assert found.price is not None
    rates, factor = found.price.base, model_factor("claude-sonnet-4-5")[0]

    first = found.send(1, [0], 0.0)

    assert first.usd == pytest.approx(10_000 * factor * (rates.cache_write or 0) / 1e6, rel=1e-4)


def test_a_model_without_a_price_costs_no_dollars() -> None:
    found = lane(model="my-own-model")

    assert found.price is None
    assert found.send(1, [], 0.0).usd == 0
