from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calls import call, result, said, shell
from tokenpak.canonical import Part
from tokenpak.compression import lite, markers

LONG = "All work and no play makes Jack a dull boy. " * 8
PART = shell("make", "")


def system(text: str) -> Part:
    return Part("system", "system", b'""', span=(0, 0))


@given(st.lists(st.sampled_from(["a", "b", "", "  ", "warning: x"]), max_size=40))
def test_folded_lines_unfold_to_what_they_were(lines):
    text = "\n".join(lines)
    assert lite.unfold_lines(lite.fold_lines(text, PART)) == text


def test_equal_lines_in_a_row_are_told_once_and_how_often():
    text = "\n".join(["start", *["waiting"] * 9, "end"])
    assert lite.fold_lines(text, PART) == "start\nwaiting\n[same line 8 times more]\nend"


@pytest.mark.parametrize("text", ["a\na\na", "\n" * 9, "  \n" * 9])
def test_few_and_blank_lines_stay(text):
    assert lite.fold_lines(text, PART) == text


def test_files_that_were_read_stay():
    part = result(call("Read", file_path="a"), "")
    assert lite.fold_lines("x\n" * 9, part) == "x\n" * 9


@pytest.mark.parametrize(
    ("earlier", "now", "marker"),
    [
        (
            shell("make", LONG),
            shell("make all", LONG),
            "[same as the previous result of this tool]",
        ),
        (said("user", LONG), said("user", LONG), "[same as the previous user message]"),
        (system(LONG), system(LONG), "[same as a system prompt above]"),
        (said("user", LONG), shell("cat", LONG), None),
        (said("assistant", LONG), said("assistant", LONG), None),
        (shell("make", LONG), result(call("Fetch", url="x"), LONG), None),
    ],
)
def test_a_repeat_is_told_by_what_it_follows(earlier, now, marker):
    seen: dict[str, str] = {}
    lite.remember(LONG, earlier, seen)
    assert lite.repeat(LONG, now, seen) == marker
    assert lite.repeat(LONG + "!", now, seen) is None


def test_short_texts_may_be_said_twice():
    seen: dict[str, str] = {}
    lite.remember("yes", said("user", "yes"), seen)
    assert lite.repeat("yes", said("user", "yes"), seen) is None


def test_a_text_between_two_equal_ones_ends_the_repeat_but_for_system_prompts():
    seen: dict[str, str] = {}
    for text in (LONG, "something else"):
        lite.remember(text, said("user", text), seen)
        lite.remember(text, system(text), seen)
    assert lite.repeat(LONG, said("user", LONG), seen) is None
    assert lite.repeat(LONG, system(LONG), seen)


@pytest.mark.parametrize("marker", [*lite.MARKERS, "[same line 8 times more]"])
def test_imitations_of_its_markers_are_known(marker):
    assert markers.imitates(f"x\n{marker}")
