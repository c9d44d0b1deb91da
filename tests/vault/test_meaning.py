"""The model of meaning."""

from __future__ import annotations

import hashlib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.errors import StoreError
from tokenpak.vault import meaning

MODEL = meaning.load()


@pytest.mark.parametrize(
    ("query", "near", "far"),
    [
        ("sort a list", "ordering of arrays", "bake a cake"),
        ("delete a folder", "remove directories recursively", "draw a circle"),
        ("send an e mail", "smtp message delivery", "matrix multiplication"),
        ("secret login", "password authentication", "weather forecast"),
        ("photo", "image of a camera", "sum of numbers"),
    ],
)
def test_what_means_alike_is_closer(query: str, near: str, far: str) -> None:
    close, distant = MODEL.closeness(query.split(), [near.split(), far.split()])

    assert close > distant + 0.1


@given(st.lists(st.text(max_size=60), max_size=8), st.lists(st.text(max_size=60), max_size=8))
def test_closeness_is_a_cosine_of_the_words_in_any_order(one: list[str], other: list[str]) -> None:
    there, back, again = (
        MODEL.closeness(a, [b])[0] for a, b in ((one, other), (other, one), (one, other[::-1]))
    )

    assert there == pytest.approx(back)
    assert there == pytest.approx(again)
    assert -1.001 <= there <= 1.001


def test_a_text_is_closest_to_itself() -> None:
    assert MODEL.closeness(["parse", "header"], [["parse", "header"], ["parse"]])[0] == (
        pytest.approx(1)
    )


@pytest.mark.parametrize("text", [[], [""], ["жж"], ["\x00"]])
def test_what_is_not_known_is_close_to_nothing(text: list[str]) -> None:
    assert MODEL.closeness(["parse"], [text]) == [0.0]


def test_the_file_is_the_one_that_was_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = files("tokenpak").joinpath("data", "meaning.zst").read_bytes()
    assert hashlib.sha256(packed).hexdigest() == meaning.SHA256
    monkeypatch.setattr(meaning, "SHA256", "0" * 64)
    meaning.load.cache_clear()

    with pytest.raises(StoreError, match="install tokenpak again"):
        meaning.load()
