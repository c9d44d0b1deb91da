"""The memory of counts."""

from __future__ import annotations

import pytest

from tokenpak.tokens.cache import CountCache


def count_calls(cache: CountCache, *texts: str) -> int:
    calls: list[str] = []

    def count(text: str) -> int:
        calls.append(text)
        return len(text)

    for text in texts:
        assert cache.get("o200k_base", text, count) == len(text)
    return len(calls)


def test_a_text_is_counted_once() -> None:
    assert count_calls(CountCache(), "a", "a", "a") == 1


def test_the_least_recently_used_count_goes_first() -> None:
    cache = CountCache(2)
    assert count_calls(cache, "a", "bb", "a", "ccc") == 3
    assert count_calls(cache, "a", "ccc") == 0
    assert count_calls(cache, "bb") == 1


def test_it_never_holds_more_than_its_entries() -> None:
    cache = CountCache(1024)
    count_calls(cache, *(str(number) for number in range(3000)))
    assert len(cache) == 1024


def test_no_entries_switch_it_off() -> None:
    cache = CountCache(0)
    assert count_calls(cache, "a", "a") == 2
    assert len(cache) == 0


def test_encodings_do_not_share_counts() -> None:
    cache = CountCache()
    assert cache.get("o200k_base", "a", lambda _: 1) == 1
    assert cache.get("cl100k_base", "a", lambda _: 2) == 2


def test_lone_surrogates_are_keys_like_others() -> None:
    assert count_calls(CountCache(), "\ud800", "\ud801", "\ud800") == 2


def test_negative_entries_are_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        CountCache(-1)
