from __future__ import annotations

from typing import Any

import pytest

from tokenpak.telemetry.cache import CacheStats, CacheStore


def test_counts_what_it_had_and_had_not() -> None:
    cache = CacheStore()
    cache.set("key", None)

    assert cache.hit_rate == 0.0
    assert cache.get("key", "default") is None
    assert cache.get("other", "default") == "default"
    assert cache.stats() == CacheStats(entries=1, hits=1, misses=1, evictions=0)
    assert cache.hit_rate == 0.5


def test_the_value_used_longest_ago_goes_first() -> None:
    cache = CacheStore(2)
    cache.set("a", 1)
    cache.set("b", 2)
    cache.get("a")
    cache.set("c", 3)

    assert ("a" in cache, "b" in cache, "c" in cache) == (True, False, True)
    assert cache.stats().evictions == 1


def test_values_grow_old() -> None:
    now = [0.0]
    cache = CacheStore(ttl_s=10, clock=lambda: now[0])
    cache.set("a", 1)
    now[0] = 9.9
    assert cache.get("a") == 1
    now[0] = 10.0

    assert "a" not in cache
    assert cache.get("a") is None
    assert len(cache) == 0


def test_values_can_be_deleted() -> None:
    cache = CacheStore()
    cache.set("a", 1)
    cache.set("b", 1)

    assert cache.delete("a")
    assert not cache.delete("a")
    cache.clear()
    assert len(cache) == 0


@pytest.mark.parametrize("limits", [{"max_entries": 0}, {"ttl_s": 0}, {"ttl_s": float("nan")}])
def test_limits_are_positive(limits: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        CacheStore(**limits)
