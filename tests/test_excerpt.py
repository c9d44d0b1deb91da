from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.excerpt import excerpt
from tokenpak.tokens import count

TEXT = "".join(f"line number {at} of the text\n" for at in range(100))


@given(st.text(max_size=300), st.integers(0, 60), st.sampled_from(["head", "tail"]))
def test_never_has_more_than_the_limit(text: str, limit: int, keep: str) -> None:
    result = excerpt(text, limit, keep)  # type: ignore[arg-type]

    assert count(result) <= limit
    assert result == text or count(text) > limit


@pytest.mark.parametrize("limit", [30, 100, 400])
def test_keeps_whole_lines_and_tells_how_many_are_missing(limit: int) -> None:
    *kept, note = excerpt(TEXT, limit).splitlines()

    assert kept == TEXT.splitlines()[: len(kept)]
    assert note == f"[{100 - len(kept)} more lines left out]"
    assert limit - 20 < count(excerpt(TEXT, limit))


def test_can_keep_the_end() -> None:
    note, *kept = excerpt(TEXT, 50, "tail").splitlines()

    assert kept == TEXT.splitlines()[-len(kept) :]
    assert note == f"[{100 - len(kept)} more lines left out]"


def test_a_single_long_line_is_cut_inside() -> None:
    result = excerpt("word " * 1000, 40)

    assert result.startswith("word word")
    assert result.endswith("of 5,000 characters left out]")


def test_what_fits_stays_as_it_is() -> None:
    assert excerpt(TEXT, count(TEXT)) == TEXT


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="max_tokens is -1"):
        excerpt("x", -1)
