from __future__ import annotations

from tokenpak.processors.cut import Cut, apply, left_out


def test_cuts_are_made_in_any_order_and_the_wider_wins() -> None:
    cuts = [Cut(6, 8, "!"), Cut(2, 4, "-"), Cut(2, 3, "x"), Cut(3, 4, "y")]

    assert apply("0123456789", cuts) == "01-45!89"


def test_a_note_names_lines_or_counts_them() -> None:
    assert left_out(3, 12, True) == "lines 3-12 left out"
    assert left_out(3, 12, False) == "10 lines left out"
