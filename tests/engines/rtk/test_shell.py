from __future__ import annotations

import pytest

from tokenpak.engines.rtk.shell import statements


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ('a \'b c\' "d \\" e" f\\ g', [[["a", "b c", 'd " e', "f g"]]]),
        ("a | b && c; d || e\nf", [[["a"], ["b"]], [["c"]], [["d"]], [["e"]], [["f"]]]),
        ("a > out.txt 2>&1 < in", [[["a"]]]),
        ("a &> log & b", [[["a"]], [["b"]]]),
        ("a $(b | c) d", [[["a", "$()", "d"]]]),
        ("(cd x && a)", [[["cd", "x"]], [["a"]]]),
        ("cat <<'EOF' | wc\nx && y\nEOF", [[["cat"], ["wc"]]]),
        ("a # b && c", [[["a"]]]),
        ("a \\\n b", [[["a", "b"]]]),
    ],
)
def test_a_command_line_is_split_as_a_shell_would(command, expected):
    assert statements(command) == expected


def test_parentheses_that_do_not_match_are_no_command():
    assert statements("a ( b") is None
