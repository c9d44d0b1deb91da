from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.engines.rtk.bounded import MAX_CHARS, bounded


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(a+)+$", "repeats a repetition"),
        (r"(?:\d+\.)+x", "repeats a repetition"),
        ("(x+x+)+y", "repeats a repetition"),
        ("(.*?,){11}P", "repeats a repetition"),
        ("(a|a)*b", "read in several ways"),
        ("(a|ab)*c", "read in several ways"),
        ("(?:(?:a{1,9}){1,9}){1,9}b", "read in several ways"),
        ("((a)*)*", "may match nothing"),
        ("(a?){50}a{50}", "may match nothing"),
        (".*.*.*x", "in many ways"),
        ("^.*.*.*.*x", "in many ways"),
        ("(?i)" + r"[^\x00-\x7f]*k" * 4, "in many ways"),
        ("(?m)^.*.*x", "in many ways"),
        ("(a|a)" * 20 + "b", "in many ways"),
        ("(?:a?b?c?)" * 12 + "a" * 12, "in many ways"),
        (r"(a)\1", "refers back"),
        ("(?P<n>a)(?P=n)", "no linear time"),
        ("(?<=x)y", "looks ahead or behind"),
        ("(?<!x)y", "looks ahead or behind"),
        ("x(?=y)", "looks ahead or behind"),
        ("(?>a+)b", "no linear time"),
        ("a++b", "not in the syntax"),
        ("(?x) a b", "not in the syntax"),
        ("(" * 30 + "a" + ")" * 30, "nested deeper"),
        ("a" * (MAX_CHARS + 1), "characters; 1000 are allowed"),
    ],
)
def test_what_could_take_long_is_refused_with_the_reason(pattern, why):
    with pytest.raises(ValueError, match=why):
        bounded(pattern)


@pytest.mark.parametrize(
    ("pattern", "made"),
    [
        (r"\d+ passed", r"\d{1,500} passed"),
        ("foo.*bar", "foo.{0,500}bar"),
        (r"^\s+at .*$", r"^\s{1,20000}at .{0,20000}$"),
        ("^.*error.*file", "^.{0,500}error.{0,500}file"),
        ("(?im)^a*?b$", "(?im)^a{0,500}?b$"),
        ("(?:a|b)*c", "(?:a|b){0,166}c"),
        (r"(?:> ?){2,}x", r"(?:> {0,1}){2,125}x"),
        ("key=.*", "key=.{0,}"),
        ("[]a]+[^]x]x{2}y{,3}", "[]a]{1,500}[^]x]x{2,2}y{0,3}"),
        ("x{}y{z}", "x{}y{z}"),
        ("fail(?:ed|ure)?s?:", "fail(?:ed|ure){0,1}s{0,1}:"),
    ],
)
def test_a_repetition_has_a_bound_where_something_may_fail_behind_it(pattern, made):
    assert bounded(pattern) == made


def test_what_a_caller_appends_counts_as_what_may_fail():
    assert bounded(r"foo \w*", r"[.\s]") == r"foo \w{0,500}"
    with pytest.raises(ValueError, match="in many ways"):
        bounded(r"foo.* .*x.*", r"[.\s]")


pieces = st.sampled_from(
    ["a", "b", "ab", ".", "[ab]", r"\w", r"\b", "^", "$", "(a|b)", "(?:ab|c)", "a?", "c{2}", " ?"]
)
patterns = st.lists(
    st.tuples(pieces, st.sampled_from(["", "", "*", "+", "?", "{1,3}", "+?"])), min_size=1
).map(lambda found: "".join(piece + count for piece, count in found))


@given(patterns, st.text("abc x\n", max_size=40))
def test_what_is_accepted_finds_the_same(pattern, text):
    try:
        made = bounded(pattern)
    except (ValueError, re.error):
        return

    spans = [each.span() for each in re.finditer(pattern, text)]

    assert [each.span() for each in re.finditer(made, text)] == spans
