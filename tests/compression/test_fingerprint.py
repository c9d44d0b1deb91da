"""Digests of a request's parts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests import recorded
from tests.calls import call, said, shell
from tokenpak.canonical import CanonicalRequest, Part
from tokenpak.compression.body import Compressor
from tokenpak.compression.fingerprint import chain, digests, trail
from tokenpak.flow import Trail
from tokenpak.settings import load
from tokenpak.wire import get_adapter

ANTHROPIC = get_adapter("anthropic")
MARKER = {"cache_control": {"type": "ephemeral"}}


def read(**fields: Any) -> tuple[CanonicalRequest, bytes]:
    body = json.dumps({"messages": [], **fields}).encode()
    return ANTHROPIC.decode_request(body), body


def trail_of(**fields: Any) -> Trail:
    request, body = read(**fields)
    return trail(request, body, digests(request.parts), {}, {})


def user(*blocks: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"role": "user", "content": list(blocks)}]


def test_keys_of_a_prefix_begin_the_keys_of_the_whole() -> None:
    parts = digests([said("user", "a"), call("Bash", command="ls"), said("user", "b")])

    assert chain(parts)[:3] == chain(parts[:2])
    assert chain(parts) != chain(parts, b"another seed")


def test_a_part_that_no_longer_begins_a_message_has_another_digest() -> None:
    one, two = said("user", "a"), said("user", "b")
    alone = digests([two])
    one.message = two.message

    assert digests([one, two])[1] != alone[0]
    assert digests([two]) == alone


def test_equal_results_of_other_calls_differ() -> None:
    assert digests([shell("ls", "a")]) != digests([shell("pwd", "a")])


@pytest.mark.parametrize(
    "block",
    [
        {"type": "text", "text": "a"},
        {"type": "image", "source": {"type": "url", "url": "u"}},
        {"type": "tool_result", "tool_use_id": "t", "content": "a"},
        {"type": "document", "source": {"type": "text", "data": "d"}, "title": "t"},
    ],
)
@pytest.mark.parametrize("marker", [MARKER, {"cache_control": {"type": "ephemeral", "ttl": "1h"}}])
def test_a_marker_that_moves_on_changes_nothing(
    block: dict[str, Any], marker: dict[str, Any]
) -> None:
    plain, _ = read(messages=user(block))
    after, _ = read(messages=user(block | marker))
    before, _ = read(messages=user(marker | block))

    assert digests(plain.parts) == digests(after.parts) == digests(before.parts)


def test_text_that_looks_like_a_marker_is_text() -> None:
    one, _ = read(messages=user({"type": "text", "text": 'x, "cache_control": {}'}))
    two, _ = read(messages=user({"type": "text", "text": "x"}))

    assert digests(one.parts) != digests(two.parts)


def test_a_trail_tells_the_head_from_the_conversation() -> None:
    found = trail_of(
        tools=[{"name": "a"} | MARKER],
        system=[{"type": "text", "text": "s"}],
        messages=user({"type": "text", "text": "hello"}),
    )

    assert json.loads(found.tools) == [{"name": "a"}]
    assert found.system == (b'"s"',)
    assert (found.messages, found.roles) == ((-1, 0), ("system", "user"))
    assert found.sizes == (3, 7)


def test_a_request_without_tools_has_none() -> None:
    assert trail_of(messages=user({"type": "text", "text": "a"})).tools == b""


def test_what_was_saved_on_each_part_sums_to_what_the_request_lost() -> None:
    packed = Compressor(load({})).pack(ANTHROPIC, "", recorded.body("claude_code"))

    assert packed.trail is not None
    assert sum(packed.trail.saved.values()) == packed.saved_tokens > 0
    assert packed.trail.saved.keys() == packed.trail.sent.keys()
    assert len(packed.trail.digests) == len(packed.request.parts)


def test_the_next_turn_sends_the_parts_of_the_last_one_again() -> None:
    compressor = Compressor(load({}))
    *_, before, after = (
        compressor.pack(ANTHROPIC, "", recorded.body("claude_code", n)).trail
        for n in recorded.turns("claude_code")
    )

    assert before is not None and after is not None
    number = len(before.digests)
    assert after.digests[:number] == before.digests
    assert {each: after.sent[each] for each in before.sent} == before.sent


def test_where_a_message_begins_counts():
    apart = [Part("text", "assistant", b'"a"', message=i) for i in (0, 1)]
    together = [Part("text", "assistant", b'"a"', message=0) for _ in range(2)]
    assert digests(apart)[0] == digests(together)[0]
    assert digests(apart)[1] != digests(together)[1]
