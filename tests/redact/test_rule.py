"""Where a token may begin."""

from __future__ import annotations

import pytest

from tokenpak.redact.rule import begins_run, begins_word


@pytest.mark.parametrize(
    ("before", "word", "run"),
    [
        (b"", True, True),
        (b" ", True, True),
        (b"=", True, True),
        (b'"', True, True),
        (b"\xc3\xa9", True, True),
        (b"a", False, False),
        (b"9", False, False),
        (b"-", True, False),
        (b"_", True, False),
        (b"\\n", True, True),
        (b"\\t", True, True),
        (b"in", False, False),
        (b"\x1b[1;32m", True, True),
        (b"[32m", False, False),
        (b"%3D", True, True),
        (b"3D", False, False),
    ],
)
def test_a_token_begins_where_no_word_goes_on(before: bytes, word: bool, run: bool) -> None:
    data = before + b"sk-x"

    # The last secret ended before the text, so that it makes no edge of its own.
    assert begins_word(data, len(before), -1) is word
    assert begins_run(data, len(before), -1) is run


def test_a_token_may_begin_where_the_last_one_ended() -> None:
    assert begins_word(b"abcsk-", 3, 3)
    assert begins_run(b"abcsk-", 3, 3)
    assert not begins_word(b"abcsk-", 3, 2)
