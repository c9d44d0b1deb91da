from __future__ import annotations

import pytest

from tokenpak.compression.planner import expected_turns, pays


@pytest.mark.parametrize(
    ("freed", "rewritten", "turns", "worth"),
    [
        (1000, 0, 1, True),
        (1000, 10_000, 100, False),
        (1000, 10_000, 116, True),
        (0, 0, 50, False),
        (5000, 1000, 0, False),
    ],
)
def test_a_rewrite_pays_when_the_reads_it_spares_cost_more_than_it(freed, rewritten, turns, worth):
    assert pays(freed, rewritten, turns) is worth


def test_the_rest_is_expected_to_be_shorter_than_the_past():
    assert 0 <= expected_turns(40) < 40
