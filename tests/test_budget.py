from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.budget import BudgetBlock, quadratic_allocate

SCORES = st.floats(0, 1)
BLOCKS = st.lists(
    st.builds(
        lambda relevance, recency, utility: (relevance, recency, utility),
        SCORES,
        SCORES,
        st.floats(0, 5),
    ),
    min_size=1,
    max_size=40,
).map(
    lambda rows: [
        BudgetBlock(f"b{at}", relevance, recency, utility_weight=utility)
        for at, (relevance, recency, utility) in enumerate(rows)
    ]
)


@given(BLOCKS, st.integers(0, 10**12))
def test_the_shares_sum_to_the_total(blocks: list[BudgetBlock], total: int) -> None:
    assert sum(quadratic_allocate(blocks, total).values()) == total


@given(BLOCKS, st.integers(0, 100_000))
def test_each_block_has_its_floor(blocks: list[BudgetBlock], total: int) -> None:
    floor = math.floor(total * 3 / 100)
    if floor * len(blocks) > total:
        floor = max(1, total // len(blocks))
    enough = floor * len(blocks) <= total

    assert min(quadratic_allocate(blocks, total).values()) >= floor * enough


@given(BLOCKS, st.integers(0, 100_000))
def test_more_important_blocks_never_get_less(blocks: list[BudgetBlock], total: int) -> None:
    shares = quadratic_allocate(blocks, total)
    ordered = sorted(blocks, key=lambda block: -block.importance)
    tokens = [shares[block.ref] for block in ordered]

    assert all(a >= b - (x.importance == y.importance) for a, b, x, y in zip(
        tokens, tokens[1:], ordered, ordered[1:], strict=False
    ))  # fmt: skip


def test_the_rest_goes_by_the_square_of_importance() -> None:
    blocks = [
        BudgetBlock("a", 1, 1, 1, 1),  # importance 10
        BudgetBlock("b", 0.5, 0.5, 0.5, 0.5),  # importance 5
    ]

    # Floors of 30, and 940 in the proportion 4 : 1.
    assert quadratic_allocate(blocks, 1000) == {"a": 782, "b": 218}


def test_what_rounding_leaves_goes_to_the_most_important() -> None:
    blocks = [BudgetBlock("a"), BudgetBlock("b", 0.9), BudgetBlock("c")]

    assert quadratic_allocate(blocks, 2) == {"a": 1, "b": 1, "c": 0}


@pytest.mark.parametrize(
    ("block", "importance"),
    [
        (BudgetBlock("a"), 6.0),
        (BudgetBlock("a", 1, 1, 1, 1), 10.0),
        (BudgetBlock("a", 5, 5, 5, 5), 10.0),
        (BudgetBlock("a", 1, 1, 1, 1, utility_weight=0.5), 5.0),
        (BudgetBlock("a", 0, 0, 0, 0), 0.0),
    ],
)
def test_importance_is_clamped_before_it_is_weighed(block: BudgetBlock, importance: float) -> None:
    assert block.importance == pytest.approx(importance)


def test_blocks_of_no_importance_share_equally() -> None:
    blocks = [BudgetBlock(ref, 0, 0, 0, 0) for ref in "abcd"]

    assert set(quadratic_allocate(blocks, 400).values()) == {100}


def test_no_blocks_have_no_shares() -> None:
    assert quadratic_allocate([], 100) == {}


@pytest.mark.parametrize(
    ("blocks", "total", "message"),
    [
        ([BudgetBlock("a")], -1, "total_tokens is -1"),
        ([BudgetBlock("a"), BudgetBlock("a")], 1, "named twice: a"),
    ],
)
def test_mistakes_are_told(blocks: list[BudgetBlock], total: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        quadratic_allocate(blocks, total)


@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf])
def test_a_score_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="a: relevance_score is"):
        BudgetBlock("a", value)
