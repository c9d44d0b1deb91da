"""What arrives for a turn depends on that turn's own request alone, whatever happens around it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from tests import recorded
from tests.e2e.process import Running, serve
from tests.e2e.upstream import Upstream

# A turn: the recorded conversation and how many of its messages the request held.
Turn = tuple[str, int]

PATHS = {"anthropic": "/v1/messages", "openai_chat": "/v1/chat/completions"}
NAME = pytest.mark.parametrize("name", recorded.NAMES)


@cache
def turns(name: str) -> list[Turn]:
    return [(name, length) for length in recorded.turns(name)]


@cache
def body(turn: Turn) -> bytes:
    return recorded.body(*turn)


def send(proxy: Running, turn: Turn) -> None:
    path = PATHS[recorded.adapter_name(turn[0])]
    fields = f"X-Turn: {turn[0]} {turn[1]}\r\nContent-Type: application/json\r\n"
    head, _ = proxy.request(path, body(turn), fields=fields)
    assert head.startswith(b"HTTP/1.1 200"), head


def play(proxy: Running, upstream: Upstream, these: Iterable[Turn]) -> dict[Turn, bytes]:
    """Send *these* one after the other; what arrived for each."""
    upstream.requests.clear()
    for turn in these:
        send(proxy, turn)
    return arrived(upstream)


def arrived(upstream: Upstream) -> dict[Turn, bytes]:
    """What the provider got for each turn; the same for each time that a turn was sent."""
    found: dict[Turn, bytes] = {}
    for each in upstream.requests:
        name, length = each.fields[b"x-turn"].decode().split()
        assert found.setdefault((name, int(length)), each.body) == each.body
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all: its path stands in the marker of what was left out of a text."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def undisturbed(provider: Upstream, home: Path) -> dict[Turn, bytes]:
    """Every conversation from its first turn to its last, each in a process of its own."""
    provider.reset()
    found: dict[Turn, bytes] = {}
    for name in recorded.NAMES:
        with serve(home, provider.url) as proxy:
            found |= play(proxy, provider, turns(name))
    return found


def expect(got: dict[Turn, bytes], undisturbed: dict[Turn, bytes], these: Sequence[Turn]) -> None:
    """Fail if *got* is not what arrives of *these* when nothing happens."""
    assert sorted(got) == sorted(set(these))
    differing = [turn for turn in these if got[turn] != undisturbed[turn]]
    assert differing == []


@NAME
def test_an_undisturbed_conversation_arrives_smaller(
    name: str, undisturbed: dict[Turn, bytes]
) -> None:
    last = turns(name)[-1]
    assert len(undisturbed[last]) < len(body(last))


@NAME
def test_a_restart_between_two_turns_changes_nothing(
    name: str, undisturbed: dict[Turn, bytes], upstream: Upstream, home: Path
) -> None:
    these = turns(name)
    third = len(these) // 3
    got: dict[Turn, bytes] = {}
    for part in (these[: 2 * third], these[2 * third :]):
        with serve(home, upstream.url) as proxy:
            got |= play(proxy, upstream, part)
            proxy.stop()
    expect(got, undisturbed, these)


@NAME
def test_a_conversation_killed_and_resumed_at_its_end_changes_nothing(
    name: str, undisturbed: dict[Turn, bytes], upstream: Upstream, home: Path
) -> None:
    these = turns(name)[-2:]
    got: dict[Turn, bytes] = {}
    for turn in these:
        with serve(home, upstream.url) as proxy:
            got |= play(proxy, upstream, [turn])
            proxy.process.kill()
    expect(got, undisturbed, these)


@NAME
def test_a_rewind_by_three_turns_changes_nothing(
    name: str, undisturbed: dict[Turn, bytes], upstream: Upstream, home: Path
) -> None:
    these = turns(name)
    half = len(these) // 2
    with serve(home, upstream.url) as proxy:
        got = play(proxy, upstream, [*these[:half], *these[half - 3 :]])
    expect(got, undisturbed, these)


@pytest.mark.parametrize("names", [("claude_code", "codex"), ("airline", "copilot")])
def test_two_interleaved_conversations_change_nothing(
    names: tuple[str, str], undisturbed: dict[Turn, bytes], upstream: Upstream, home: Path
) -> None:
    pairs = zip(turns(names[0]), turns(names[1]), strict=False)
    these = [turn for pair in pairs for turn in pair]
    with serve(home, upstream.url) as proxy:
        expect(play(proxy, upstream, these), undisturbed, these)


def test_a_second_worker_changes_nothing(
    undisturbed: dict[Turn, bytes], upstream: Upstream, home: Path
) -> None:
    """Each request comes on a connection of its own, and four at a time: both workers get some."""
    these = [turn for name in ("claude_code", "airline") for turn in turns(name)]
    with serve(home, upstream.url, "--workers", "2") as proxy:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda turn: send(proxy, turn), these))
        expect(arrived(upstream), undisturbed, these)


def test_twenty_requests_at_once_in_any_order_change_nothing(
    undisturbed: dict[Turn, bytes], upstream: Upstream, home: Path
) -> None:
    every = [turn for name in recorded.NAMES for turn in turns(name)]
    these = random.Random(20).sample(every, 60)
    with serve(home, upstream.url) as proxy:
        with ThreadPoolExecutor(20) as pool:
            list(pool.map(lambda turn: send(proxy, turn), these))
        expect(arrived(upstream), undisturbed, these)
