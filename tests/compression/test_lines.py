from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.compression.lines import MAX_PLACES, LineIndex, note_numbers, read_lines


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
    found: dict[int, str] = {}
    note_numbers(["1\ta", "2\tb", "1\tc", "d"], found)
    assert found == {1: "a", 2: "b"}


def test_sources_of_one_name_are_counted():
    index = LineIndex()
    names = [index.add("Read a.py", read_lines("x\ny\nz")).name for _ in range(3)]
    assert names == ["Read a.py", "Read a.py #2", "Read a.py #3"]


def test_lines_that_do_not_stand_literally_are_known_but_not_offered():
    index = LineIndex()
    index.add("a", read_lines("one\ntwo\nthree"), [True, False, True])
    assert index.by_name["a"].lines == {1: "one", 2: "two", 3: "three"}
    assert index.contents == ["one", "three"] and not index.places("two")


def test_a_line_that_stands_everywhere_is_remembered_in_a_few_places():
    index = LineIndex()
    index.add("a", read_lines("\n".join(["same"] * 50)))
    assert list(index.places("same")) == list(range(MAX_PLACES))


def test_a_place_leads_back_to_a_source_and_the_number_shown_there():
    index = LineIndex()
    index.add("Read a.py", read_lines("head\n7\ta\n8\tb\n\n3\tc\n4\td"))
    index.add("Read b.py", read_lines("one\ntwo\nthree"), [True, False, True])
    assert [(line, *index.where(place)) for place, line in enumerate(index.contents)] == [
        ("a", "Read a.py", 7),
        ("b", "Read a.py", 8),
        ("c", "Read a.py", 3),
        ("d", "Read a.py", 4),
        ("one", "Read b.py", 1),
        ("three", "Read b.py", 3),
    ]


def test_of_a_number_that_is_shown_twice_the_first_line_counts():
    index = LineIndex()
    source = index.add("a", read_lines("1\ta\n2\tb\n\n2\tx\n3\tc"))
    assert source.lines == {1: "a", 2: "b", 3: "c"}
    assert index.contents == ["a", "b", "c"]


@given(st.lists(st.sampled_from(["", "a", "4\tx", "5\ty", "6\t"]), max_size=12))
def test_lines_are_of_one_piece_where_they_follow_one_another(lines):
    read = read_lines("\n".join(lines))
    for at, (before, after) in enumerate(pairwise(read.numbers), 1):
        follows = after is None if before is None else after == before + 1
        assert (read.pieces[at] == read.pieces[at - 1]) == follows
