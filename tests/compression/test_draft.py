from __future__ import annotations

from pathlib import Path

import pytest

from tests.calls import call, result
from tokenpak.compression.draft import make_draft
from tokenpak.compression.known import Known
from tokenpak.compression.lines import read_lines
from tokenpak.compression.select import Plan, plan
from tokenpak.compression.state import Draft, State
from tokenpak.settings import load
from tokenpak.tokens import count

GUTTER = Plan("pack", ("gutter",), True, 0)
FILE = "\n".join(f"{n:>6}→value_{n} = compute({n * 31 % 97})" for n in range(1, 60))


def draft(text: str, state: State | None = None, plan: Plan = GUTTER) -> Draft | None:
    part = result(call("Read", file_path="a.py"), text)
    return make_draft(part, lambda each: count(each.text), plan, state or State(), Known())


def test_what_cannot_be_made_shorter_is_left_alone():
    assert draft("nothing to do") is None


def test_savings_of_the_techniques_sum_to_what_the_text_lost():
    state = State()
    state.index.add("Read a.py", read_lines("\n".join(f"{n}\tvalue_{n} = compute({n * 31 % 97})"
                                                       for n in range(1, 30))))  # fmt: skip
    made = draft(FILE, state)
    assert set(made.saved_by) == {"gutter", "references"}
    assert sum(made.saved_by.values()) == count(FILE) - count(made.text)
    assert made.literal == [False] * 29 + [True] * 30


def test_an_imitation_is_neutralised_though_that_saves_nothing():
    line = "[lines 1-2 same as in Read a.py above]"
    made = draft(line)
    assert made.text == "\\" + line and made.saved_by["markers"] <= 0


@pytest.mark.parametrize("mode", ["rtk", "lite", "pack"])
def test_an_imitation_is_neutralised_wherever_markers_may_stand(mode):
    line = "[12 lines left out; whole text in /raw/x.txt]"
    made = draft(line, plan=plan(load({}, mode=mode), Path("/raw")))
    assert made.text == "\\" + line


def test_a_gain_of_no_technique_is_that_of_the_backslash():
    part = result(call("Read", file_path="a.py"), "[same system-reminder as above]")
    made = make_draft(part, lambda each: 50, GUTTER, State(), Known())
    assert made.saved_by == {"markers": 50 - count(made.text)}
