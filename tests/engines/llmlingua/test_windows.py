from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.engines.llmlingua.windows import windows


def spans_of(text: str) -> list[tuple[int, int]]:
    """Sub-words of three characters at most, a blank with the word behind it or of its own."""
    return [match.span() for match in re.finditer(r"[ ]?\w{1,3}|[^\w\s]|\s", text)]


def shown(text: str, size: int) -> list[str]:
    spans = spans_of(text)
    return [text[spans[a][0] : spans[b - 1][1]] for a, b in windows(text, spans, size)]


@pytest.mark.parametrize(
    ("text", "size", "expected"),
    [
        ("One. Two. Six.", 4, ["One. Two.", " Six."]),
        ("One. Two. Six.", 5, ["One. Two.", " Six."]),
        ("a\nb c d e", 4, ["a", "\nb c d", " e"]),
        ("abc def ghi", 2, ["abc def", " ghi"]),
        ("abcdefghi jkl", 4, ["abcdefghi jkl"]),
        ("abc defghi", 2, ["abc", " defghi"]),
        ("abcdefghi", 2, ["abcdef", "ghi"]),
        ("v1.2 is out", 3, ["v1.2", " is out"]),
        ("short", 9, ["short"]),
        ("", 4, []),
    ],
)
def test_windows_end_behind_sentences_else_between_words(
    text: str, size: int, expected: list[str]
) -> None:
    assert shown(text, size) == expected


@given(st.text("ab .\n", max_size=60), st.integers(1, 9))
def test_windows_are_the_whole_text_without_overlap(text: str, size: int) -> None:
    spans = spans_of(text)
    found = list(windows(text, spans, size))

    assert [at for a, b in found for at in range(a, b)] == list(range(len(spans)))
    assert all(0 < b - a <= size for a, b in found)
