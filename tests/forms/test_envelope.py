from __future__ import annotations

import pytest

from tests.calls import call, result
from tokenpak.forms import FORMS


def envelope(text: str) -> str:
    return FORMS["envelope"].apply(text, result(call("exec_command", cmd="ls"), text))


HEAD = "Chunk ID: bcb137\nWall time: 1.0003 seconds\n"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (
            HEAD + "Process exited with code 1\nOriginal token count: 7\nOutput:\nboom\n",
            "[exit code 1, 1s]\nboom\n",
        ),
        (
            HEAD + "Process running with session ID 83314\nOriginal token count: 0\nOutput:\n",
            "[running, session ID 83314, 1s]\n",
        ),
        (
            "Wall time: 12.3456 seconds\nProcess exited with code 0\nOutput:\nx",
            "[exit code 0, 12.3s]\nx",
        ),
    ],
)
def test_exit_code_session_and_time_stay(shown, expected):
    assert envelope(shown) == expected


def test_a_header_that_is_quoted_further_down_stays():
    text = "seen:\n" + HEAD + "Process exited with code 1\nOutput:\n"
    assert envelope(text) == text
