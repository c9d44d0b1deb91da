"""Estimates: learned factors, character classes, words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokenpak
from tokenpak.tokens import estimates
from tokenpak.tokens.encodings import count
from tokenpak.tokens.models import tokenizer

MODEL = "claude-opus-4-8"
FAMILY = tokenizer(MODEL).family


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    yield
    estimates.set_factor(MODEL, None)


def test_a_learned_factor_replaces_that_of_the_mixture() -> None:
    estimates.set_factor(MODEL, 1.4)
    assert estimates.factor(MODEL, FAMILY) == 1.4


def test_a_learned_factor_holds_for_every_name_of_the_model() -> None:
    estimates.set_factor("anthropic/claude-opus-4-8-20260601", 1.4)
    assert estimates.factor("claude-opus-4-8[1m]", FAMILY) == 1.4


def test_kinds_keep_their_distance_to_the_learned_mixture() -> None:
    before = estimates.factor(MODEL, FAMILY, "code") / estimates.factor(MODEL, FAMILY)
    estimates.set_factor(MODEL, 1.2)
    after = estimates.factor(MODEL, FAMILY, "code") / estimates.factor(MODEL, FAMILY)
    assert after == pytest.approx(before)


def test_a_forgotten_factor_gives_way_to_the_table() -> None:
    table = estimates.factor(MODEL, FAMILY)
    estimates.set_factor(MODEL, 1.2)
    estimates.set_factor(MODEL, None)
    assert estimates.factor(MODEL, FAMILY) == table


@pytest.mark.parametrize("factor", [0.0, -1.0, 0.49, 3.01, float("nan"), float("inf")])
def test_an_impossible_factor_is_refused(factor: float) -> None:
    with pytest.raises(ValueError, match=MODEL):
        estimates.set_factor(MODEL, factor)


def test_a_model_of_no_known_family_counts_as_o200k() -> None:
    assert estimates.factor("llama3.2", None, "code") == 1.0


def test_character_classes_come_within_15_percent_on_this_package() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in Path(tokenpak.__file__).parent.glob("*.py")
    )
    assert estimates.by_character_classes(source) == pytest.approx(count(source), rel=0.15)


@given(st.text(st.characters()))
def test_character_classes_give_at_least_one_token_for_any_text(text: str) -> None:
    assert (estimates.by_character_classes(text) >= 1) is bool(text)


def test_the_words_estimate_is_the_published_formula() -> None:
    assert estimates.words_estimate("one two three four") == int(4 * 1.35)
