from __future__ import annotations

import pytest

from tokenpak.compression.planner import MARGIN, TYPICAL_TURNS, best_start, expected_turns, worth
from tokenpak.compression.terms import Terms

ANYWHERE = Terms(read=0.1, write=1.0)
WHOLE = Terms(read=0.1, write=1.25, whole=True, fixed=1)


@pytest.mark.parametrize(
    ("freed", "rewritten", "turns", "pays"),
    [
        (1000, 0, 1, True),
        (1000, 10_000, 0.9 * 100 * MARGIN, False),
        (1000, 10_000, 0.9 * 100 * MARGIN + 1, True),
        (0, 0, 50, False),
        (5000, 1000, 0, False),
    ],
)
def test_a_rewrite_pays_when_the_reads_it_spares_cost_more_than_it(freed, rewritten, turns, pays):
    assert (worth(freed, rewritten, turns, ANYWHERE) > 1e-6) is pays


def test_cheaper_reads_make_a_rewrite_worth_less():
    cheap = Terms(read=0.025, write=1.0)
    assert worth(1000, 1000, 30, cheap) < worth(1000, 1000, 30, ANYWHERE)


def test_a_long_conversation_is_expected_to_end_where_its_window_is_full():
    assert expected_turns(10, 10_000, 10**9) == TYPICAL_TURNS
    assert expected_turns(100, 100_000, 110_000) == 10
    assert expected_turns(100, 100_000, 90_000) == 0
    assert expected_turns(0, 100, 1000) == 9


def test_a_rewrite_begins_where_it_gains_most():
    # The first result frees little and has a long tail behind it; the second frees much.
    sent = [100, 300, 50_000, 9000, 200]
    assert best_start(sent, [(1, 250), (3, 8900)], 40, ANYWHERE) == 3
    assert best_start(sent, [(1, 250)], 40, ANYWHERE) is None


def test_what_costs_the_same_wherever_it_begins_begins_at_the_first():
    sent = [100, 300, 9000, 200]
    assert best_start(sent, [(1, 250), (2, 8900)], 40, WHOLE) == 1
    assert best_start(sent, [(1, 250)], 40, WHOLE) is None


def test_what_stands_before_the_first_message_is_not_rewritten():
    sent = [90_000, 300, 9000, 200]
    assert best_start(sent, [(2, 8900)], 40, WHOLE) == 2
    everything = Terms(read=0.1, write=1.25, whole=True, fixed=0)
    assert best_start(sent, [(2, 8900)], 40, everything) is None
