from __future__ import annotations

from tests.calls import said, shell
from tokenpak.compression.counting import PartCounts
from tokenpak.compression.fold import Fold
from tokenpak.compression.known import Known
from tokenpak.compression.select import Plan
from tokenpak.compression.state import State
from tokenpak.compression.terms import Terms

KEPT = Plan("ultra", ("gutter", "search"), True, 0, "/raw", 1000, Terms(window=30_000))


def test_a_question_is_answered_once():
    known, asked = Known(), []
    answers = [known.of(lambda_, 1) for lambda_ in [asked.append] * 3]
    assert answers == [None] * 3 and asked == [1]
    assert [known.once("a", lambda n=n: n) for n in range(3)] == [0, 0, 0]


def test_where_nothing_is_asked_twice_nothing_is_remembered():
    known = Known(remembers=False)
    assert [known.once("a", lambda n=n: n) for n in range(3)] == [0, 1, 2]


def test_works_told_apart_by_what_they_do_and_what_they_are_asked():
    known = Known()
    assert [known.of(len, "ab"), known.of(str.upper, "ab"), known.of(len, "abc")] == [2, "AB", 3]


def test_what_is_sent_is_the_same_whether_or_not_anything_is_known():
    parts = [said("user", "Look at parse_total and total_of.")]
    for turn in range(40):
        names = [f"src/m{i * turn % 89}.py:{i}" for i in range(90)]
        found = [f"{name}: total_of_{i % 13}(x) # {turn % 7}" for i, name in enumerate(names)]
        for command in ("rg total", "make", "git diff"):
            parts += [(one := shell(command, "\n".join(found))).call, one]
    states = [
        Fold(KEPT, PartCounts(), lambda whole: None, known, frozenset({40, 90})).extend(
            State(), parts
        )
        for known in (Known(), Known(remembers=False))
    ]
    assert {each.why for each in states[0].sizes.epochs} == {"cold", "window"}
    assert states[0].sizes.epochs == states[1].sizes.epochs
    assert states[0].texts == states[1].texts and states[0].saved == states[1].saved
    assert states[0].cuts == states[1].cuts and states[0].literals == states[1].literals
