"""The simulated prompt cache, against the rules that Anthropic publishes."""

from __future__ import annotations

from typing import Any

import pytest

from tokenpak.demo.cache import Charge, PromptCache, blocks_of

MARK = {"cache_control": {"type": "ephemeral"}}


def block(tokens: int, letter: str = "a", *, marked: bool = False) -> dict[str, Any]:
    return {"type": "text", "text": letter * tokens} | (MARK if marked else {})


def charge(cache: PromptCache, *blocks: dict[str, Any]) -> Charge:
    return cache.charge(blocks_of({"messages": [{"role": "user", "content": list(blocks)}]}))


@pytest.fixture
def cache() -> PromptCache:
    """A cache that counts one token a character."""
    return PromptCache(len)


def test_a_marked_prefix_is_written_first_and_read_after(cache: PromptCache) -> None:
    assert charge(cache, block(2000, marked=True), block(10)) == Charge(0, 2000, 10)
    assert charge(cache, block(2000, marked=True), block(10)) == Charge(2000, 0, 10)


def test_the_marker_may_move_on(cache: PromptCache) -> None:
    charge(cache, block(2000, marked=True))

    assert charge(cache, block(2000), block(500, "b", marked=True)) == Charge(2000, 500, 0)


def test_what_was_not_marked_is_not_cached(cache: PromptCache) -> None:
    charge(cache, block(2000))

    assert charge(cache, block(2000, marked=True)) == Charge(0, 2000, 0)


def test_a_changed_block_is_a_miss_for_all_that_follows(cache: PromptCache) -> None:
    charge(cache, block(1500, marked=True), block(1500, "b", marked=True))

    changed = charge(cache, block(1500, marked=True), block(1500, "c", marked=True))

    assert changed == Charge(1500, 1500, 0)


@pytest.mark.parametrize(("tokens", "written"), [(1023, 0), (1024, 1024)])
def test_less_than_1024_tokens_are_not_cached(
    cache: PromptCache, tokens: int, written: int
) -> None:
    assert charge(cache, block(tokens, marked=True)).written == written


@pytest.mark.parametrize(("new_blocks", "read"), [(18, 2000), (19, 2000), (20, 0)])
def test_looks_back_20_blocks_from_a_breakpoint(
    cache: PromptCache, new_blocks: int, read: int
) -> None:
    charge(cache, block(2000, marked=True))
    later = [block(1, chr(ord("b") + at)) for at in range(new_blocks - 1)]

    assert charge(cache, block(2000), *later, block(1, "z", marked=True)).read == read


def test_the_role_and_the_place_are_part_of_what_is_matched(cache: PromptCache) -> None:
    charge(cache, block(2000, marked=True))
    request = {"system": [block(2000, marked=True)], "messages": []}

    assert cache.charge(blocks_of(request)).read == 0


def test_tools_and_system_come_before_the_messages() -> None:
    request = {
        "messages": [{"role": "user", "content": "third"}],
        "system": "second",
        "tools": [{"name": "first"}],
    }

    assert [each.text for each in blocks_of(request)] == ['{"name": "first"}', "second", "third"]


def test_reads_cost_a_tenth_and_writes_a_quarter_more() -> None:
    assert Charge(read=1000, written=100, rest=10).billed == pytest.approx(100 + 125 + 10)
