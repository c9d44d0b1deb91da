from __future__ import annotations

import pytest

from tokenpak.engines.rtk.values import outliers, told

NAMES = [f"{a}{b}{c}" for a in "abcdef" for b in "abcdef" for c in "abcdef"]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["x", "x", "x"], []),
        (["up", "down", "up"], ["up", "down"]),
        ([f"{i}.5" for i in range(40)], ["0.5 to 39.5"]),
        ([f"{i}x" for i in range(40)], []),
        ([f"user_{i}" for i in range(40)], [f"user_{i}" for i in range(40)]),
        (NAMES, None),
    ],
)
def test_words_that_come_again_are_listed_figures_are_a_range(column, expected):
    assert told(column, alarming=False, log=False) == expected


def test_of_lines_that_speak_of_a_problem_all_is_listed_or_nothing_told():
    column = [f"{i}x" for i in range(40)]
    assert told(column, alarming=True, log=False) is None
    assert told(column, alarming=True, log=True) == []


@pytest.mark.parametrize(
    ("column", "found"),
    [
        (["1"] * 19 + ["9"], {19}),
        ([str(i) for i in range(20)], set()),
        (["1"] * 10 + ["9"] * 10, set()),
        (["a", "b"] * 10, set()),
    ],
)
def test_a_figure_far_beyond_the_others_is_an_outlier(column, found):
    assert outliers([tuple(column)]) == found
