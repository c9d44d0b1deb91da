"""What every format owes: hostile bodies are read exactly or refused as WireError."""

from __future__ import annotations

import pytest

from tests.wire.recorded import PATHS, body_of
from tests.wire.walker import leaves
from tokenpak.errors import WireError
from tokenpak.wire import ADAPTERS, rewrite

formats = pytest.mark.parametrize("name", PATHS)

# The same text in every format, as its last message, with the text's literal left open.
LAST = {
    "anthropic": b'{"messages":[{"role":"user","content":[{"type":"text","text":%s}]}]%s}',
    "openai_chat": b'{"messages":[{"role":"user","content":%s}]%s}',
    "openai_responses": b'{"input":[{"role":"user","content":%s}]%s}',
    "gemini": b'{"contents":[{"role":"user","parts":[{"text":%s}]}]%s}',
    "ollama": b'{"messages":[{"role":"user","content":%s}]%s}',
}
TAILS = [
    b',"n":[12345678901234567890,1E5,-0,1.00]',
    rb',"s":"\u00e9 \/ \ud800"' + ',"é":"é"'.encode(),
    b' , "x" : { "a" : 1 , "a" : [ 1 , 2 ] }\r\n\t',
    b',"bad":"\xff\xc3"',
]


@formats
@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("text", [b'"plain"', rb'"\ud83d\ude00 \udc00 \u00E9 \/"', b'"\xff"'])
def test_replaces_one_text_among_hostile_json(name: str, tail: bytes, text: bytes) -> None:
    body = LAST[name] % (text, tail)
    request = ADAPTERS[name].decode_request(body, PATHS[name])
    assert [part.literal for part in request.parts] == [text]
    assert rewrite(body, request, {0: "new"}) == LAST[name] % (b'"new"', tail)


@formats
def test_every_text_of_a_recorded_body_can_change_alone(name: str) -> None:
    body = body_of(name)
    request = ADAPTERS[name].decode_request(body, PATHS[name])
    spans = {(start, end) for _, start, end in leaves(body)}
    for index, part in enumerate(request.parts):
        changed = part.span and rewrite(body, request, {index: "é"})
        start, end = part.span or (0, 0)
        assert part.span is None or (start, end) in spans
        assert changed in (None, body[:start] + '"é"'.encode() + body[end:])


@formats
def test_reads_fifty_megabytes(name: str) -> None:
    text = b'"' + b"0123456789\\n\xc3\xa9 " * (50_000_000 // 15) + b'"'
    body = LAST[name] % (text, b"")
    request = ADAPTERS[name].decode_request(body, PATHS[name])
    assert request.parts[0].span == (body.index(text), body.index(text) + len(text))


@formats
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"messages":5,"input":5,"contents":5}',
        b'{"messages":null,"input":null,"contents":null}',
    ],
)
def test_refuses_what_is_no_request(name: str, body: bytes) -> None:
    with pytest.raises(WireError):
        ADAPTERS[name].decode_request(body, PATHS[name])


@formats
@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: b"\xef\xbb\xbf" + body,
        lambda body: body[:-1],
        lambda body: body + b"x",
        lambda body: body[:-1] + b',"model":"a","model":"b"}',
        lambda body: body[:-1] + b',"deep":' + b'[{"a":' * 10_000 + b"1" + b"}]" * 10_000 + b"}",
    ],
    ids=["bom", "truncated", "trailing", "duplicate", "deep"],
)
def test_refuses_a_spoiled_body(name: str, spoil: object) -> None:
    body = LAST[name] % (b'"x"', b"")
    assert callable(spoil)
    with pytest.raises(WireError):
        ADAPTERS[name].decode_request(spoil(body), PATHS[name])


@formats
def test_a_message_that_says_a_key_twice_is_left_alone(name: str) -> None:
    once = LAST[name] % (b'"x"', b"")
    twice = once.replace(b'"role":"user"', b'"role":"user","role":"user"')
    request = ADAPTERS[name].decode_request(twice, PATHS[name])
    assert [(part.kind, part.span) for part in request.parts] == [("other", None)]


@formats
def test_a_text_beside_invalid_utf8_is_found_without_reading_it(name: str) -> None:
    body = LAST[name] % (b'"\xff"', b"")
    part = ADAPTERS[name].decode_request(body, PATHS[name]).parts[0]
    with pytest.raises(WireError):
        _ = part.text
