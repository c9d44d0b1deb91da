from __future__ import annotations

import pytest

from tokenpak.processors.size import not_longer


@pytest.mark.parametrize(
    ("short", "content", "expected"),
    [
        ("a b", "a b c", "a b"),
        ("a b c", "a b", "a b"),
        ("", "a", "a"),
        # Fewer characters, more tokens.
        ("^~`|", "        ", "        "),
    ],
)
def test_the_one_with_fewer_tokens_is_given(short: str, content: str, expected: str) -> None:
    assert not_longer(short, content) == expected
