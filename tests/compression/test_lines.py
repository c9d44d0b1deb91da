from __future__ import annotations

import pytest

from tokenpak.compression.lines import MAX_PLACES, LineIndex, numbered_lines, read_lines


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1\ta\n2\tb\n3\tc", [1, 2, 3]),
        ("head\n7\ta\n8\tb\n\ntail", [None, 7, 8, None, None]),
        ("4\talone", [None]),
        ("12\tusers\n90\tgroups", [None, None]),
        ("007\ta\n008\tb", [None, None]),
        ("a\nb", [None, None]),
    ],
)
def test_a_gutter_counts_upwards(text, numbers):
    read = read_lines(text)
    assert read.numbers == numbers
    assert read.has_gutter == any(n is not None for n in numbers)


def test_lines_with_a_gutter_are_read_without_it():
    assert read_lines("1\ta\n2\t\tb").lines == ["a", "\tb"]


def test_the_first_of_two_lines_of_one_number_counts():
    assert numbered_lines(["1\ta", "2\tb", "1\tc", "d"]) == {1: "a", 2: "b"}


def test_sources_of_one_name_are_counted():
    index = LineIndex()
    names = [index.add("Read a.py", read_lines("x\ny\nz")).name for _ in range(3)]
    assert names == ["Read a.py", "Read a.py #2", "Read a.py #3"]


def test_lines_that_do_not_stand_literally_are_known_but_not_offered():
    index = LineIndex()
    index.add("a", read_lines("one\ntwo\nthree"), [True, False, True])
    assert index.by_name["a"].lines == {1: "one", 2: "two", 3: "three"}
    assert index.contents == ["one", "three"] and "two" not in index.places


def test_a_line_that_stands_everywhere_is_remembered_in_a_few_places():
    index = LineIndex()
    index.add("a", read_lines("\n".join(["same"] * 50)))
    assert len(index.places["same"]) == MAX_PLACES
