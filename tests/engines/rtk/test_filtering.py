from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokenpak.engines.rtk.alarms import speaks_of_failure
from tokenpak.engines.rtk.catalog import Catalog
from tokenpak.engines.rtk.filtering import apply
from tokenpak.engines.rtk.loaded import Loaded
from tokenpak.engines.rtk.spec import Filter
from tokenpak.tokens import count

COMMANDS = [
    "pytest",
    "make",
    "git diff",
    "git status",
    "docker logs x",
    "ruff check",
    "npm ci",
    None,
]
LINES = st.sampled_from(
    [
        "src/a.py:1:2: error: bad thing",
        "ok",
        "+++ b/x",
        "FAILED tests/test_a.py::test_b - AssertionError",
        "2026-01-01T00:00:00 INFO request 1 ok",
        "Compiling x v1.0.0",
        "    raise ValueError('no')",
        "",
        "   ^^^^",
        "make: *** [all] Error 2",
        "____ test_b ____",
        "E   assert 1 == 2",
        "100%|####|\rdone",
    ]
)


def catalog(**values):
    spec = msgspec.convert(
        {"name": "x", "description": "x", "match": {"command": ["^x"]}, **values}, Filter
    )
    return Catalog((Loaded(spec, "x.yaml", "project"),))


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=40), st.sampled_from(COMMANDS))
def test_never_longer_always_the_same_and_never_green_for_red(lines, command):
    text = "\n".join(lines)
    found = apply(text, command)
    assert count(found.text) == count(text) - found.saved_tokens
    assert found.saved_tokens > 0 or found.text == text
    assert found == apply(text, command)
    assert not speaks_of_failure(text) or speaks_of_failure(found.text)


@pytest.mark.parametrize(
    "rule",
    [
        {"noise": ["."]},
        {"drop": ["."]},
        {"keep": ["^step 1 "]},
        {"sections": [{"enter": "^step", "leave": "^never"}]},
        {"counts": [{"pattern": ".", "say": "{n} lines"}]},
        {"short": [{"when": "step", "say": "ok"}]},
        {"lines": 1, "head": 1, "tail": 0},
        {"replace": [{"pattern": "^step.*", "by": ""}]},
    ],
)
def test_no_rule_can_take_a_failure_away(rule):
    text = "\n".join(f"step {i} of the whole thing" for i in range(40))
    text = text.replace("step 20 of", "step 20 failed: error of")
    found = apply(text, "x", catalog=catalog(**rule))
    assert speaks_of_failure(found.text)


def test_a_replacement_that_hides_a_failure_gives_the_text_back():
    text = "a line that is long enough to be looked at\n" * 5 + "error: the disk is full"
    rule = {"replace": [{"pattern": "^error.*", "by": "fine"}]}
    assert "error: the disk is full" in apply(text, "x", catalog=catalog(**rule)).text


def test_a_short_form_stands_for_a_text_without_failure():
    text = "checking the files one by one\n" * 5 + "All 12 files are formatted"
    short = {"short": [{"when": r"All (\d+) files", "say": r"ok, \1 files", "unless": "changed"}]}
    assert apply(text, "x", catalog=catalog(**short)).text == "ok, 12 files"
    assert apply(text, "x | grep All", catalog=catalog(**short)).text != "ok, 12 files"
    assert "changed" in apply(text + "\n1 changed", "x", catalog=catalog(**short)).text


def test_the_mark_of_standard_error_goes_where_a_filter_says_so():
    text = "\n".join(f"stderr | step {n} of the whole is under way" for n in range(20))
    assert "stderr" in apply(text, "x", catalog=catalog()).text
    shown = apply(text, "x", catalog=catalog(stderr=True)).text
    assert shown == text.replace("stderr | ", "")


def test_lines_left_out_are_told_with_the_way_to_see_them():
    text = "\n".join(f"drop me, I am line {i}" for i in range(30)) + "\nkept"
    found = apply(text, "x", catalog=catalog(drop=["^drop me"]), where="whole text in /raw/1.txt")
    assert found.text == "kept\n[30 lines left out; whole text in /raw/1.txt]"
    assert found.dropped_lines == 30


def test_a_short_text_is_left_alone():
    assert apply("\x1b[31mred\x1b[0m", "ls").filter is None


def test_lone_surrogates_and_odd_line_ends_pass():
    text = "\udcff odd\r\nline\x85end " * 20
    assert count(apply(text, "make").text) <= count(text)
