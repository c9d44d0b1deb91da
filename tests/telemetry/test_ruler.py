"""How much was saved within the first tokens of a request."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.telemetry.exchanges import trail
from tokenpak.telemetry.ruler import Ruler


def ruler(anchors: tuple[tuple[int, int], ...] = (), total: int = 10_000) -> Ruler:
    """Ten parts of 1,000 bytes, the first a system prompt; 100 tokens saved on parts 2 and 6."""
    request = trail(digests=(b"",) * 10, system=(b"",), sizes=(1000,) * 10, saved={2: 100, 6: 100})
    return Ruler(request, anchors, total)


@pytest.mark.parametrize(
    ("tokens", "saved"),
    [(0, 0), (2000, 0), (2500, 50), (3000, 100), (6000, 100), (7000, 200), (10_000, 200)],
)
def test_between_known_points_bytes_decide(tokens: int, saved: float) -> None:
    assert ruler().saved_upto(tokens) == pytest.approx(saved)


def test_a_known_point_is_exact_however_its_bytes_lie() -> None:
    known = ruler(((2, 8000),))  # two message parts behind the system prompt: up to part 3

    assert known.saved_upto(8000) == 100
    assert known.saved_upto(8000 - 127) == 100  # as an automatic cache reports it


def test_the_end_is_the_end() -> None:
    assert ruler().saved_upto(10_001) == ruler().saved_upto(9_900) == 200


def test_points_that_contradict_each_other_are_left_out() -> None:
    assert ruler(((2, 8000), (5, 4000), (6, 20_000))).saved_upto(8000) == 100


def test_a_request_of_no_tokens_has_saved_nothing_yet() -> None:
    assert ruler(total=0).saved_upto(0) == 0


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 12_000))), st.integers(0, 12_000))
def test_more_tokens_never_hold_less(anchors: list[tuple[int, int]], tokens: int) -> None:
    known = ruler(tuple(anchors))

    assert 0 <= known.saved_upto(tokens) <= known.saved_upto(tokens + 200) + 1e-9 <= 200 + 1e-6
