from __future__ import annotations

import pytest

from tests.calls import shell
from tokenpak.forms import FORMS


def ansi(text: str) -> str:
    return FORMS["ansi"].apply(text, shell("make", text))


@pytest.mark.parametrize(
    ("shown", "seen"),
    [
        ("\x1b[31mFAIL\x1b[0m src/a.ts", "FAIL src/a.ts"),
        ("\x1b[38;5;196mred\x1b[m", "red"),
        ("\x1b[2K\x1b[1Gdone", "done"),
        ("\x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;title\x07text", "text"),
        (" 10%\r 50%\r100% done\nnext", "100% done\nnext"),
        ("line\r\nline\r\n", "line\r\nline\r\n"),
        ("plain text", "plain text"),
    ],
)
def test_only_what_a_terminal_does_not_show_goes(shown, seen):
    assert ansi(shown) == seen


def test_an_overwritten_line_that_speaks_of_failure_stays():
    assert ansi("fetching\rERROR: 404 on b.tgz\rfetching c\r") == (
        "ERROR: 404 on b.tgz\nfetching c\r"
    )
