from __future__ import annotations

from collections import Counter

import pytest

from tokenpak.engines.caveman import read_pack
from tokenpak.engines.caveman.edits import Paragraph, apply, foreign_edits

OWN = """
language: en
guards: not must
rules:
  - {name: kindly, category: filler, find: kindly}
  - {name: opener, category: filler, find: of course, at: start}
  - {name: asks, category: filler, find: i think, request: true}
  - {name: swap, category: phrase, find: "in order (to|for)", to: '\\1'}
  - {name: drops, category: phrase, find: must really}
"""
PACK = read_pack(OWN, "own.yaml")


def edited(text: str, stays: str = "", passages: str = "") -> str:
    """*text* after the rules of PACK; *stays* and *passages* are spans by their words."""
    spans = [[(text.index(each), text.index(each) + len(each))] if each else []
             for each in (stays, passages)]  # fmt: skip
    return apply(text, Paragraph(text, PACK, PACK.by_word, *spans).edits(), Counter())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Kindly open it", "open it"),
        ("Open it kindly.", "Open it."),
        ("Open it, kindly, and go.", "Open it, and go."),
        ("Open it, kindly", "Open it"),
        ("Of course, open it", "open it"),
        ("You may of course open it", "You may of course open it"),
        ("In order to go, open it", "To go, open it"),
        ("open it in order for us", "open it for us"),
        ("see /kindly/x or --kindly", "see /kindly/x or --kindly"),
        ("ask Kindly about it", "ask Kindly about it"),
        ("it must really go", "it must really go"),
        ("kindly not now", "kindly not now"),
    ],
)
def test_what_goes_takes_its_blanks_and_commas_and_no_meaning(text: str, left: str) -> None:
    assert edited(text) == left


def test_spans_that_stay_are_not_edited_nor_requests_in_what_asks_for_nothing() -> None:
    assert edited("kindly say kindly now", stays="say kindly") == "say kindly now"
    assert edited("we go, i think, home") == "we go, home"
    assert edited("we go, i think, home", passages="go, i think,") == "we go, i think, home"


def test_each_edit_is_counted_by_its_rule() -> None:
    text = "kindly go in order to see, kindly"
    applied: Counter[str] = Counter()
    apply(text, Paragraph(text, PACK, PACK.by_word, [], []).edits(), applied)

    assert applied == {"kindly": 2, "swap": 1}


def test_a_rule_of_others_takes_whole_words_alone() -> None:
    seed = '{"language": "en", "rules": [{"name": "x", "pattern": "the|a.c"}]}'
    (rule,) = read_pack(seed, "x.json").foreign
    text = "the other a1c abc (the) end"

    assert apply(text, foreign_edits(text, rule, [(14, 17)]), Counter()) == " other a1c abc () end"
