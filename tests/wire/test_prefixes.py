"""What was read before is read the same, and only once."""

from __future__ import annotations

import json
from itertools import takewhile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.recorded import PATHS
from tests.wire.requests import requests
from tokenpak.canonical import CanonicalRequest, Part
from tokenpak.errors import WireError
from tokenpak.wire import ADAPTERS
from tokenpak.wire.prefixes import Prefixes
from tokenpak.wire.spans import items, parse

KEYS = {"anthropic": "messages", "openai_chat": "messages", "openai_responses": "input"}
MARK = {"cache_control": {"type": "ephemeral"}}


def always() -> Prefixes:
    return Prefixes(1 << 20, worth_bytes=0)


def facts(request: CanonicalRequest) -> list[Any]:
    def told(part: Part | None) -> list[Any]:
        names = ("kind", "role", "literal", "span", "message", "tool", "call_id")
        return [getattr(part, name) for name in names] if part else []

    rest = (request.model, request.stream, request.tools, request.cache_marked, request.tools_span)
    return [rest, [(told(part), told(part.call)) for part in request.parts]]


def read(name: str, body: bytes, known: Prefixes) -> list[Any] | str:
    try:
        return facts(ADAPTERS[name].decode_request(body, PATHS[name], known))
    except WireError as error:
        return str(error)


def plainly(name: str, body: bytes) -> list[Any] | str:
    return read(name, body, Prefixes(0))


def turns(body: bytes, key: str) -> list[bytes]:
    """*body* with one of its messages, with two, and so on."""
    value = parse(body)[key]
    listed = items(value) or []
    return [body[:end] + body[value[1] - 1 :] for _, end, _ in listed]


def talk(*messages: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"model": "m", "messages": messages, **more}).encode()


def user(text: str, **fields: Any) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "text", "text": text, **fields}]}


@pytest.mark.parametrize("name", KEYS)
@settings(max_examples=150)
@given(data=st.data())
def test_every_turn_is_read_as_if_it_were_the_first(name: str, data: st.DataObject) -> None:
    known = always()
    for body, _ in data.draw(st.lists(requests(name), min_size=1, max_size=2)):
        for turn in [*turns(body, KEYS[name]), body]:
            assert read(name, turn, known) == plainly(name, turn)


@pytest.mark.parametrize(
    "tail",
    [
        b"]}",
        b' ] , "stream" : true }',
        b',{"role":"user","content":"\\ud800"}]}',
        b',{"role":"user","content":[{"type":"text","text":"\xff"}]}],"tools":[{"name":"t"}]}',
        b',5,"x",null],"cache_control":null}',
        b'],"model":"twice"}',
        b'],"messages":[]}',
        b'],"x":1,"x":2}',
        b',{"role":"user"}',
        b',{"role":"user"}]',
        b"}",
        b"",
        b"]}]}",
        b',{"a":' + b"[" * 100_000,
    ],
)
def test_any_rest_is_read_or_refused_as_with_the_whole(tail: bytes) -> None:
    known = always()
    first = talk(user("one"), user("two"))
    ADAPTERS["anthropic"].decode_request(first, known=known)
    body = first[:-2] + tail
    assert read("anthropic", body, known) == plainly("anthropic", body)


def test_calls_without_ids_are_answered_in_their_order() -> None:
    known = always()
    said = [user("go")]
    for number in range(2):
        call = {"name": "f", "arguments": str(number)}
        said.append({"role": "assistant", "content": None, "function_call": call})
    for number in range(2):
        said.append({"role": "function", "name": "f", "content": f"result {number}"})
        body = talk(*said)
        assert read("openai_chat", body, known) == plainly("openai_chat", body)


def reread(known: Prefixes, body: bytes) -> CanonicalRequest:
    """*body* read twice: the second time, its parts are those that are remembered."""
    ADAPTERS["anthropic"].decode_request(body, known=known)
    return ADAPTERS["anthropic"].decode_request(body, known=known)


def shared(one: CanonicalRequest, other: CanonicalRequest) -> int:
    """How many of their first parts were read only once for both."""
    pairs = zip(one.parts, other.parts, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], pairs))


FIRST = talk(user("one"), user("two"))


@pytest.mark.parametrize(
    ("then", "kept"),
    [
        (FIRST, 2),
        (talk(user("one"), user("two"), user("three")), 2),
        (talk(user("one"), user("two"), user("three"), max_tokens=9), 2),
        (talk(user("one"), user("2"), user("three")), 0),
        (talk(user("one")), 0),
        (talk(user("one"), user("two"), user("three")).replace(b'"m"', b'"n"'), 0),
    ],
    ids=["again", "longer", "more behind", "edited", "rewound", "another head"],
)
def test_what_stands_in_the_same_bytes_is_read_once(then: bytes, kept: int) -> None:
    known = always()
    before = reread(known, FIRST)
    assert shared(before, ADAPTERS["anthropic"].decode_request(then, known=known)) == kept


def test_a_marker_that_moves_on_costs_only_the_messages_near_it() -> None:
    known = always()
    said = [user(f"message {number}") for number in range(6)]
    before = reread(known, talk(*said[:3], user("message 3", **MARK)))
    after = ADAPTERS["anthropic"].decode_request(
        talk(*said[:5], user("message 5", **MARK)), known=known
    )
    assert shared(before, after) == 3
    assert after.cache_marked


def test_a_marker_far_back_is_not_forgotten() -> None:
    known = always()
    said = [user("begin", **MARK), *(user(f"message {number}") for number in range(12))]
    before = reread(known, talk(*said[:11]))
    after = ADAPTERS["anthropic"].decode_request(talk(*said), known=known)
    assert (shared(before, after), after.cache_marked) == (11, True)


def test_texts_that_were_decoded_are_not_held() -> None:
    known = always()
    first = ADAPTERS["anthropic"].decode_request(FIRST, known=known)
    assert first.parts[0].text == "one"
    assert shared(first, ADAPTERS["anthropic"].decode_request(FIRST, known=known)) == 0


def test_small_bodies_are_not_remembered() -> None:
    known = Prefixes(1 << 20)
    assert shared(reread(known, FIRST), reread(known, FIRST)) == 0


def test_the_conversation_read_longest_ago_goes_first() -> None:
    known = Prefixes(4_000, worth_bytes=0)
    a, b, c = (talk(user(name * 1000)) for name in "abc")
    before = {body: reread(known, body) for body in (a, b, c)}
    assert [shared(before[body], reread(known, body)) for body in (c, b, a)] == [1, 1, 0]
