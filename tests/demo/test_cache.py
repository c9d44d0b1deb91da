"""Which blocks of a request the simulated prompt cache matches on."""

from __future__ import annotations

from typing import Any

import pytest

from tokenpak.demo.cache import PromptCache, blocks_of
from tokenpak.providers.promptcache import Charge

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
