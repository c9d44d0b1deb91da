from __future__ import annotations

import pytest

from tokenpak.processors.cut import Cut, apply, left_out, not_longer


def test_cuts_are_made_in_any_order_and_the_wider_wins() -> None:
    cuts = [Cut(6, 8, "!"), Cut(2, 4, "-"), Cut(2, 3, "x"), Cut(3, 4, "y")]

    assert apply("0123456789", cuts) == "01-45!89"


@pytest.mark.parametrize(
    ("number", "note"), [(1, "[1 line left out]"), (1200, "[1,200 lines left out]")]
)
def test_a_note_counts_what_is_missing(number: int, note: str) -> None:
    assert left_out(number, "line") == note


@pytest.mark.parametrize(
    ("short", "content", "expected"),
    [
        ("a b", "a b c", "a b"),
        ("a b c", "a b", "a b"),
        ("", "a", "a"),
        # Fewer characters, more tokens.
        ("^~`|", "        ", "        "),
    ],
)
def test_the_one_with_fewer_tokens_is_given(short: str, content: str, expected: str) -> None:
    assert not_longer(short, content) == expected
