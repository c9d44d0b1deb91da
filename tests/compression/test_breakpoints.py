"""Cache markers for clients that set none."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import recorded
from tests.caching import blocks_of
from tokenpak.compression.body import Compressor
from tokenpak.compression.breakpoints import mark
from tokenpak.providers.promptcache import LOOK_BACK, MAX_BREAKPOINTS, MarkedCache
from tokenpak.settings import load
from tokenpak.wire import get_adapter

MARKER = b'"cache_control":{"type":"ephemeral"}'
TOOLS = [{"name": "Read", "input_schema": {}}, {"name": "Bash", "input_schema": {}}]


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def turn(number: int, calls: int = 1, tokens: int = 600) -> list[dict[str, Any]]:
    """An answer that calls tools, and their results."""
    ids = [f"t{number}-{each}" for each in range(calls)]
    uses = [{"type": "tool_use", "id": each, "name": "Read", "input": {}} for each in ids]
    results = [
        {"type": "tool_result", "tool_use_id": each, "content": f"{each} " * (tokens // 4)}
        for each in ids
    ]
    return [{"role": "assistant", "content": uses}, {"role": "user", "content": results}]


def body(messages: list[dict[str, Any]], **fields: Any) -> bytes:
    return json.dumps({"model": "claude-sonnet-4-5", **fields, "messages": messages}).encode()


def places(marked: bytes) -> list[str]:
    """The marked blocks, as their place in the request."""
    request = json.loads(marked)
    found = [f"{name}[{at}]" for name in ("tools", "system") for at, each in _in(request.get(name))]
    for number, message in enumerate(request["messages"]):
        found += [f"{number}.{at}" for at, _ in _in(message["content"])]
    return found


def _in(blocks: Any) -> list[tuple[int, Any]]:
    listed = blocks if isinstance(blocks, list) else []
    return [(at, each) for at, each in enumerate(listed) if "cache_control" in each]


def loop(turns: int, calls: int = 1, **fields: Any) -> list[bytes]:
    messages: list[dict[str, Any]] = [{"role": "user", "content": "Fix the tests. " * 40}]
    bodies = [body(messages, **fields)]
    for number in range(turns - 1):
        messages = [*messages, *turn(number, calls)]
        bodies.append(body(messages, **fields))
    return bodies


ASKED = {"role": "user", "content": [text("What is this?")]}
ANSWERED = {"role": "assistant", "content": [text("A parrot.")]}
THOUGHT = {"type": "thinking", "thinking": "hm", "signature": "x"}


@pytest.mark.parametrize(
    ("messages", "fields", "expected"),
    [
        ([ASKED], {"tools": TOOLS, "system": [text("a"), text("b")]}, ["system[1]", "0.0"]),
        ([ASKED], {"tools": TOOLS, "system": "a"}, ["tools[1]", "0.0"]),
        ([ASKED, ANSWERED, ASKED], {"system": "a"}, ["0.0", "2.0"]),
        ([ASKED], {"system": [text("a")]}, ["system[0]"]),
        ([ASKED], {}, []),
        ([ASKED, ANSWERED], {"tools": TOOLS}, ["tools[1]", "0.0"]),
        (
            [{"role": "user", "content": [text("a"), text("")]}],
            {"tools": TOOLS},
            ["tools[1]", "0.0"],
        ),
        ([{"role": "user", "content": []}], {"tools": []}, []),
        ([], {"tools": TOOLS}, []),
        ([ASKED, {"role": "assistant", "content": [THOUGHT]}, ASKED], {}, ["0.0", "2.0"]),
        ([{"role": "user", "content": [THOUGHT]}], {"tools": TOOLS}, ["tools[1]"]),
    ],
)
def test_marks_the_end_of_the_head_and_of_the_conversation(
    messages: list[dict[str, Any]], fields: dict[str, Any], expected: list[str]
) -> None:
    marked, number = mark(body(messages, **fields))

    assert places(marked) == expected
    assert number == len(expected)


def test_the_newest_question_becomes_a_block_where_it_was_a_string() -> None:
    messages = [{"role": "user", "content": "Who?"}, ANSWERED, {"role": "user", "content": "Why?"}]

    marked = json.loads(mark(body(messages))[0])

    block = {"type": "text", "text": "Why?", "cache_control": {"type": "ephemeral"}}
    assert marked["messages"] == [*messages[:2], {"role": "user", "content": [block]}]


def test_every_byte_but_the_marker_is_the_clients() -> None:
    original = (
        b'{ "tools" : [ {"name":"a", "n": 1E5 } ],\n "messages":[{"role":"user","content":'
        b'[{"type":"text","text":"caf\\u00e9" }]} ] }'
    )

    marked, number = mark(original)

    assert number == marked.count(MARKER) == 2
    assert marked.replace(b"," + MARKER, b"") == original


@given(st.lists(st.integers(1, 45), min_size=1, max_size=8))
def test_never_more_than_four_and_always_the_last_block(calls: list[int]) -> None:
    messages = [ASKED]
    for number, each in enumerate(calls):
        messages += turn(number, each, tokens=8)

    marked, number = mark(body(messages, tools=TOOLS, system=[text("a")]))

    assert number == marked.count(MARKER) <= MAX_BREAKPOINTS
    assert places(marked)[-1] == f"{len(messages) - 1}.{calls[-1] - 1}"


@pytest.mark.parametrize("calls", [1, 3, 7, LOOK_BACK, 3 * LOOK_BACK])
def test_each_turn_reads_all_that_the_last_one_held(calls: int) -> None:
    cache = MarkedCache()
    charges = [cache.charge(blocks_of(mark(each)[0])) for each in loop(8, calls, tools=TOOLS)]

    for before, after in pairwise(charges[2:]):
        assert after.read == before.read + before.written > 0


def test_a_request_that_adds_several_turns_reads_from_the_grid() -> None:
    cache, bodies = MarkedCache(), loop(30, tools=TOOLS)

    held = cache.charge(blocks_of(mark(bodies[14])[0])).written

    assert cache.charge(blocks_of(mark(bodies[29])[0])).read >= held - LOOK_BACK * 400


def test_a_loop_of_12_turns_costs_at_most_35_percent_of_direct() -> None:
    compressor = Compressor(load({}, pipeline="off", cache_breakpoints="auto"))
    adapter, cache = get_adapter("anthropic"), MarkedCache()
    bodies = loop(12, tools=TOOLS, system="You are a careful engineer. " * 300)

    direct = sum(MarkedCache().charge(blocks_of(each)).billed for each in bodies)
    marked = [compressor.pack(adapter, "", each).body for each in bodies]
    billed = sum(cache.charge(blocks_of(each)).billed for each in marked)

    assert billed / direct <= 0.35


def test_a_recorded_session_without_markers_is_cheaper_with_them() -> None:
    compressor = Compressor(load({}, cache_breakpoints="auto"))
    adapter, cache = get_adapter("anthropic"), MarkedCache()
    bodies = [
        without_markers(recorded.body("claude_code", n)) for n in recorded.turns("claude_code")
    ]

    direct = sum(MarkedCache().charge(blocks_of(each)).billed for each in bodies)
    packed = [compressor.pack(adapter, "", each).body for each in bodies]

    assert sum(cache.charge(blocks_of(each)).billed for each in packed) / direct <= 0.35


def without_markers(request: bytes) -> bytes:
    return request.replace(b', "cache_control": {"type": "ephemeral"}', b"")


def pack(request: bytes, name: str = "anthropic", mode: str | None = None, **settings: str) -> Any:
    return Compressor(load({}, **settings)).pack(get_adapter(name), "", request, mode)


def test_nothing_is_marked_unless_it_is_asked_for() -> None:
    request = body([ASKED], tools=TOOLS)

    assert pack(request).body is request
    assert pack(request, cache_breakpoints="auto", mode="off").body is request
    assert pack(request, cache_breakpoints="auto").breakpoints == 2


@pytest.mark.parametrize(
    "request_",
    [
        body([ASKED], tools=[{**TOOLS[0], "cache_control": {"type": "ephemeral"}}]),
        body([ASKED], tools=TOOLS, cache_control={"type": "ephemeral"}),
        recorded.body("claude_code", 3),
    ],
    ids=["tool", "whole request", "recorded"],
)
def test_where_the_client_set_a_marker_nothing_is_added(request_: bytes) -> None:
    packed = pack(request_, cache_breakpoints="auto")

    assert packed.breakpoints == 0
    assert packed.body.count(b"cache_control") == request_.count(b"cache_control")


def test_other_formats_have_no_markers() -> None:
    request = recorded.body("codex", 9)

    assert b"cache_control" not in pack(request, "openai_chat", cache_breakpoints="auto").body
