from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tokenpak.compression.shrinking import NEAR, fewest, is_near
from tokenpak.compression.terms import Terms


def test_a_window_is_near_at_a_share_of_it_and_never_if_unknown():
    terms = Terms(window=1000)
    assert not is_near(int(1000 * NEAR) - 1, terms)
    assert is_near(int(1000 * NEAR), terms)
    assert not is_near(10**9, Terms()) and not is_near(10**9, None)


@given(st.lists(st.integers(0, 50)), st.integers(0, 500), st.integers(0, 600))
def test_no_more_goes_than_must(sizes, rest, budget):
    def size(gone: list[int]) -> int:
        return rest + sum(sizes) - sum(sizes[i] for i in gone)

    order = list(range(len(sizes)))
    found = fewest(order, size, budget)
    assert found == order[: len(found)]
    assert size(found) <= budget or found == order
    assert not found or size(found[:-1]) > budget
