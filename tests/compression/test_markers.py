from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.compression import markers
from tokenpak.compression.markers import Reference
from tokenpak.engines.rtk.filtering import AGAIN, left_out

NAME = st.from_regex(r"[A-Za-z][\w ./#-]{0,20}\w", fullmatch=True)
REFERENCES = st.builds(
    lambda name, start, more, first: Reference(name, start, start + more, first),
    st.none() | NAME, st.integers(1, 9999), st.integers(0, 99), st.none() | st.integers(1, 9999),
)  # fmt: skip


@given(REFERENCES)
def test_a_marker_reads_back_as_what_it_was_written_from(reference):
    assert markers.parse(str(reference)) == reference


@pytest.mark.parametrize(
    "line",
    [
        "plain text",
        "[lines 4-9]",
        "[4 lines same as in Read a.py above]",
        " [lines 4-9 same as in Read a.py above]",
        "[lines 4-9 same as in Read a.py above] ",
        "[lines 4-9 same as in [x] above]",
    ],
)
def test_what_is_not_exactly_a_marker_is_text(line):
    assert markers.parse(line) is None


IMITATIONS = [
    "[lines 1-9 same as in Read a.py above]",
    "[3 lines same as lines 1-3 of Read a.py above]",
    "[lines 7-9 same as lines 1-3 above]",
    "[line 7 same as line 3 of Read a.py above]",
    "[1 line same as line 3 above]",
    markers.SAME_REMINDER,
    markers.left_out(4, 9, "build", "/x/y.txt"),
    markers.left_out(4, 9, "build", None),
    markers.cleared("log", 12, "/x/y.txt"),
    markers.cleared("log", 12, None),
    markers.aged("log", 12, 3, "run it again to see it"),
    left_out(12, "whole text in /x/y.txt"),
    left_out(1, AGAIN),
    "[whole text in /x/y.txt]",
]


@pytest.mark.parametrize("line", IMITATIONS)
def test_every_kind_of_marker_is_known_as_an_imitation(line):
    assert markers.imitates(f"before\n{line}\nafter")
    assert not markers.imitates(f"before {line}")


LINES = st.lists(st.sampled_from([*IMITATIONS, "\\" + IMITATIONS[0], "text", "", "[x]", "\\[y]"]))


@given(LINES)
def test_neutralised_text_is_restored(lines):
    text = "\n".join(lines)
    neutral = markers.neutralise(text)
    assert markers.restore(neutral) == text
    assert not any(line in IMITATIONS for line in neutral.split("\n"))
