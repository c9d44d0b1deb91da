from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calls import call, result
from tokenpak.forms import FORMS


def gutter(text: str) -> str:
    return FORMS["gutter"].apply(text, result(call("Read", file_path="a.py"), text))


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("     1→import os\n     2→\n     3→x = 1", "1\timport os\n2\t\n3\tx = 1"),
        ("    99→a\n   100→\tb", "99\ta\n100\t\tb"),
        ("     1\tcat\n     2\t-n", "1\tcat\n2\t-n"),
        ("00041| let a\n00042| let b", "41\tlet a\n42\tlet b"),
        ("1\talready\n2\tshort", "1\talready\n2\tshort"),
    ],
)
def test_every_number_stays_and_its_padding_goes(shown, expected):
    assert gutter(shown) == expected


@pytest.mark.parametrize(
    "text",
    [
        "     5→alone",
        "   12\tusers\n   90\tgroups",
        "1 → 2\n2 → 3",
        "name\tage\nbob\t41",
    ],
)
def test_numbers_that_do_not_count_upwards_are_no_gutter(text):
    assert gutter(text) == text


def test_prose_keeps_its_gutter_as_it_is_pasted_whole():
    text = "\n".join(f"     {n}→{'so many words ' * 7}" for n in range(1, 5))
    assert gutter(text) == text


def test_lines_that_follow_the_file_stay():
    text = "     1→a\n     2→b\n\n<system-reminder>mind</system-reminder>"
    assert gutter(text).endswith("\n\n<system-reminder>mind</system-reminder>")


LINE = st.text(st.characters(exclude_characters="\n\r"), max_size=20)


@given(st.lists(LINE, min_size=2), st.integers(0, 9000))
def test_contents_are_kept_to_the_letter(lines, first):
    shown = "\n".join(f"{n:>6}→{line}" for n, line in enumerate(lines, first))
    assert gutter(shown) == "\n".join(f"{n}\t{line}" for n, line in enumerate(lines, first))
