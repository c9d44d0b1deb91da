"""Kinds of symbols, and the lines of offsets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tokenpak.symbols.symbol import KINDS, line_numbers


def test_no_two_kinds_share_a_letter_or_a_name() -> None:
    assert all(len(letter) == 1 for letter in KINDS)
    assert len(set(KINDS.values())) == len(KINDS)


@given(st.text(alphabet="a\n", min_size=1), st.data())
def test_an_offset_lies_in_the_line_after_the_newlines_before_it(
    text: str, data: st.DataObject
) -> None:
    offsets = sorted(data.draw(st.lists(st.integers(0, len(text) - 1))))

    assert line_numbers(text, offsets) == [text[:each].count("\n") + 1 for each in offsets]
