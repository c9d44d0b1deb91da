from __future__ import annotations

import pytest

from tests.calls import call, result, shell
from tokenpak.forms import FORMS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a  \nb\t\nc", "a\nb\nc"),
        ("a\n\n\n\n\n\nb", "a\n\n\nb"),
        ("a\n\nb", "a\n\nb"),
        ("  indented: yes\n    list:", "  indented: yes\n    list:"),
    ],
)
def test_blanks_that_mean_nothing_go(text, expected):
    assert FORMS["blanks"].apply(text, shell("make", text)) == expected


def test_file_contents_keep_every_blank():
    text = "a  \n\n\n\n\n\nb"
    assert FORMS["blanks"].apply(text, result(call("Read", file_path="a.md"), text)) == text
