from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.errors import ConfigError
from tokenpak.recipes import lines
from tokenpak.recipes.directive import Hints
from tokenpak.tokens import count

NONE = Hints()
NUMBERED = "\n".join(f"line number {i}" for i in range(200))


def test_truncate_keeps_both_ends_and_every_problem() -> None:
    text = NUMBERED.replace("line number 100", "error: disk full")

    shown = lines.Truncate(type="text", head=2, tail=1).run(text, NONE).split("\n")

    assert shown == [
        "line number 0", "line number 1", "[98 lines left out]", "error: disk full",
        "[98 lines left out]", "line number 199",
    ]  # fmt: skip


def test_truncate_counts_the_tail_from_the_last_line_that_is_not_empty() -> None:
    shown = lines.Truncate(type="text", head=1, tail=1).run("a\nb\nc\nd\n", NONE)

    assert shown == "a\n[2 lines left out]\nd\n"


def test_truncate_leaves_what_is_short() -> None:
    assert (
        lines.Truncate(type="text", head=2, tail=2).run("a\nb\nc\nd\ne\n", NONE)
        == "a\nb\nc\nd\ne\n"
    )


def test_limit_shows_problems_first_then_both_ends() -> None:
    text = NUMBERED.replace("line number 100", "error: disk full")

    shown = lines.Limit(type="text", max_tokens=120).run(text, NONE)

    assert count(shown) <= 120
    assert "error: disk full" in shown
    assert shown.startswith("line number 0\n") and shown.endswith("line number 199")


@given(
    st.lists(st.text("ab error \u4e2d", max_size=60), max_size=60).map("\n".join),
    st.integers(20, 200),
)
def test_limit_is_never_exceeded(text: str, tokens: int) -> None:
    assert count(lines.Limit(type="text", max_tokens=tokens).run(text, NONE)) <= tokens


def test_limit_cuts_a_single_huge_line_and_says_so() -> None:
    shown = lines.Limit(type="text", max_tokens=50).run("word " * 5000, NONE)

    assert count(shown) <= 50
    assert "left out" in shown


def test_strip_ansi_takes_colours_out() -> None:
    assert lines.StripAnsi(type="text").run("\x1b[31mred\x1b[0m", NONE) == "red"


def test_fold_repeats_counts_what_comes_again() -> None:
    shown = lines.FoldRepeats(type="text").run("start\n" + "waiting for it\n" * 50 + "end", NONE)

    assert shown.startswith("start\n") and shown.endswith("end")
    assert "[49 more of this line]" in shown


def test_filter_output_goes_by_the_command() -> None:
    text = "test_a.py " + "." * 200 + "\n" + "\n".join(
        f"test_{i}.py::test_one PASSED" for i in range(60)
    ) + "\ntest_z.py::test_two FAILED\n===== 1 failed, 60 passed in 1.00s ====="  # fmt: skip

    shown = lines.FilterOutput(type="tool_result").run(text, Hints(command="pytest -v"))

    assert len(shown) < len(text) // 2
    assert "test_z.py::test_two FAILED" in shown and "1 failed, 60 passed" in shown


def test_normalize_whitespace_never_touches_indentation() -> None:
    text = "def f():   \n    return 1\n\n\n\n\nx = 2\n"

    shown = lines.NormalizeWhitespace(type="code").run(text, Hints(language="python"))

    assert shown == "def f():\n    return 1\n\nx = 2\n"


def test_dedup_names_the_paragraph_that_comes_again() -> None:
    long = "This paragraph is long enough to be worth a note when it comes a second time, is it?"

    shown = lines.Dedup(type="text").run(f"{long}\n\nshort\n\n{long}\n\nshort", NONE)

    assert shown == f'{long}\n\nshort\n\n[again, as above: "{long[:30]}…"]\n\nshort'


def test_replace_works_line_by_line_with_groups() -> None:
    one = lines.Replace(type="text", pattern=r"^(\w+) .*$", by=r"\1!")

    assert one.run("ab cd\nef gh", NONE) == "ab!\nef!"


def test_replace_leaves_a_problem_a_problem() -> None:
    one = lines.Replace(type="text", pattern=r".*", by="")

    assert one.run("fine\nerror: disk full", NONE).split("\n")[1] == "error: disk full"


@pytest.mark.parametrize("pattern", ["(", "(?P<x", "[a"])
def test_a_pattern_that_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(ConfigError, match="is no pattern"):
        lines.Replace(type="text", pattern=pattern, by="").compile()


def test_a_hostile_pattern_takes_no_longer_than_another() -> None:
    one = lines.Replace(type="text", pattern="(a+)+$", by="")

    assert one.run("a" * 5000 + "!", NONE) == "a" * 5000 + "!"


def test_keep_changes_nothing() -> None:
    text = json.dumps({"a": [1] * 50})

    assert lines.Keep(type="json").run(text, NONE) == text
