"""Where anchors are found, with google-re2 and without."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.redact.secrets import ALL
from tokenpak.redact import _FINDER
from tokenpak.redact.anchors import Finder

FINDER = Finder([b"token", b"secret", b"sk-", b"SK", b"key", b"keys-", b"://", b"aa"])
TEXT = "seCRet://ToKen KEYS-a keys-b sK-1 sk-2 aaaaa \u212aey \ud800sk- SECRETOKEN".encode(
    "utf-8", "surrogatepass"
)


def found(finder: Finder, data: bytes) -> list[bytes]:
    return [anchor for _, anchor in finder.find_one_by_one(data)]


def test_small_letters_are_found_in_any_case_the_others_as_they_are() -> None:
    assert found(FINDER, b"KEY Key SK- sk sk- Sk") == [b"key", b"key", b"SK", b"sk-"]


def test_of_two_at_one_place_the_longer_counts() -> None:
    assert found(FINDER, b"keys-") == [b"keys-"]


def test_of_two_that_overlap_the_first_counts() -> None:
    assert found(FINDER, b"secretoken aaa") == [b"secret", b"aa"]


def test_places_are_offsets_from_left_to_right() -> None:
    assert list(FINDER.find_one_by_one(b"a token, a key")) == [(2, b"token"), (11, b"key")]


def test_both_engines_find_the_same() -> None:
    pytest.importorskip("re2")

    assert list(FINDER.find_at_once(TEXT)) == list(FINDER.find_one_by_one(TEXT))


@given(st.lists(st.one_of(st.text(), st.sampled_from([each.text for each in ALL]))).map("".join))
def test_both_engines_find_the_same_in_any_text(text: str) -> None:
    pytest.importorskip("re2")
    data = text.encode("utf-8", "surrogatepass")

    assert list(_FINDER.find_at_once(data)) == list(_FINDER.find_one_by_one(data))


def test_without_google_re2_the_same_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "re2", None)
    finder = Finder([b"key"])

    assert list(finder.find(b"Key")) == [(0, b"key")]
