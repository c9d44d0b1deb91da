"""Usage as each provider reports it, in one meaning."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tokenpak.canonical import CanonicalUsage
from tokenpak.wire import ADAPTERS
from tokenpak.wire.usage import MAX_JSON_BYTES

SSE, JSON, NDJSON = "text/event-stream; charset=utf-8", "application/json", "application/x-ndjson"

ANTHROPIC = {
    "input_tokens": 10,
    "cache_read_input_tokens": 1000,
    "cache_creation_input_tokens": 200,
    "cache_creation": {"ephemeral_5m_input_tokens": 200},
    "output_tokens": 3,
}
CHAT = {
    "prompt_tokens": 50,
    "completion_tokens": 20,
    "prompt_tokens_details": {"cached_tokens": 30, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 12},
}
RESPONSES = {
    "input_tokens": 50,
    "output_tokens": 20,
    "input_tokens_details": {"cached_tokens": 30},
    "output_tokens_details": {"reasoning_tokens": 12},
}
GEMINI = {
    "promptTokenCount": 50,
    "candidatesTokenCount": 8,
    "thoughtsTokenCount": 12,
    "cachedContentTokenCount": 30,
    "totalTokenCount": 70,
}
OLLAMA = {"model": "m", "done": True, "prompt_eval_count": 50, "eval_count": 20}
LIAR = 'He wrote "usage":{"input_tokens":9,"prompt_tokens":9} and "eval_count":9, "usageMetadata":{'


def sse(*events: Any, end: str = "\n\n") -> bytes:
    return "".join(f"data: {json.dumps(event)}{end}" for event in events).encode()


def ndjson(*events: Any) -> bytes:
    return "".join(json.dumps(event) + "\n" for event in events).encode()


EXPECTED = CanonicalUsage(50, 20, 30, None, 12)
CASES = [
    (
        "anthropic",
        SSE,
        sse(
            {"type": "message_start", "message": {"usage": ANTHROPIC}},
            {"type": "content_block_delta", "delta": {"text": LIAR}},
            {"type": "message_delta", "usage": {"output_tokens": 99, "input_tokens": 0, "x": None}},
            {"type": "message_stop"},
        ),
        CanonicalUsage(1210, 99, 1000, 200, None),
    ),
    (
        "anthropic",
        JSON,
        json.dumps({"content": [{"text": LIAR}], "usage": ANTHROPIC, "x": 1}).encode(),
        CanonicalUsage(1210, 3, 1000, 200, None),
    ),
    (
        "openai_chat",
        SSE,
        sse({"choices": [LIAR], "usage": None}, {"choices": [], "usage": CHAT})
        + b"data: [DONE]\n\n",
        EXPECTED,
    ),
    ("openai_chat", JSON, json.dumps({"usage": CHAT}).encode(), EXPECTED),
    (
        "openai_responses",
        SSE,
        sse(
            {"type": "response.created", "response": {"usage": None}},
            {"type": "response.output_text.delta", "delta": LIAR},
            {"type": "response.completed", "response": {"usage": RESPONSES}},
        ),
        EXPECTED,
    ),
    ("openai_responses", JSON, json.dumps({"usage": RESPONSES}, indent=1).encode(), EXPECTED),
    (
        "gemini",
        SSE,
        sse(
            {"candidates": [LIAR], "usageMetadata": {"promptTokenCount": 50}},
            {"candidates": [], "usageMetadata": GEMINI},
            end="\r\n\r\n",
        ),
        EXPECTED,
    ),
    ("gemini", SSE, sse({"response": {"usageMetadata": GEMINI}}), EXPECTED),
    ("gemini", JSON, json.dumps([{"x": 1}, {"usageMetadata": GEMINI}]).encode(), EXPECTED),
    (
        "ollama",
        NDJSON,
        ndjson({"message": {"content": LIAR}, "done": False}, OLLAMA),
        CanonicalUsage(50, 20),
    ),
    ("ollama", JSON, json.dumps(OLLAMA).encode(), CanonicalUsage(50, 20)),
]
cases = pytest.mark.parametrize(("name", "content_type", "stream", "expected"), CASES)


def read(name: str, content_type: str, *chunks: bytes) -> CanonicalUsage | None:
    reader = ADAPTERS[name].reader(content_type)
    for chunk in chunks:
        reader.feed(chunk)
    return reader.usage


@cases
def test_a_chunk_border_at_any_byte_gives_the_same_usage(
    name: str, content_type: str, stream: bytes, expected: CanonicalUsage
) -> None:
    readings = {read(name, content_type, stream[:at], stream[at:]) for at in range(len(stream) + 1)}
    assert readings == {expected}


@cases
def test_nothing_is_known_before_it_is_reported(
    name: str, content_type: str, stream: bytes, expected: CanonicalUsage
) -> None:
    assert read(name, content_type, stream[:20]) is None


def test_a_stream_that_breaks_off_keeps_what_was_said() -> None:
    usage = read("anthropic", SSE, sse({"message": {"usage": ANTHROPIC}}), b'data: {"usage":{"ou')
    assert usage == CanonicalUsage(1210, 3, 1000, 200, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"usage":{',
        b'{"usage":{}}',
        b'{"usage":{"x":1}',
        b'[{"usage":{"prompt_tokens":1}',
        b'{"a":{"usage":{"prompt_tokens":1}}}',
        b'{"usage":{' + b'"a":{' * 10_000 + b"}" * 10_002,
        b'["usage":{"\xff"',
    ],
)
@pytest.mark.parametrize("content_type", [SSE, JSON, NDJSON, ""])
def test_what_cannot_be_read_leaves_usage_unknown(content_type: str, body: bytes) -> None:
    chunk = b"data: " + body + b"\n\n" if content_type == SSE else body + b"\n"
    assert read("openai_chat", content_type, chunk) is None


@pytest.mark.parametrize("figure", [-1, 1.5, True, "7", None, [1]])
def test_a_figure_that_is_no_count_is_unknown(figure: Any) -> None:
    body = json.dumps({"usage": {"prompt_tokens": figure, "completion_tokens": 2}}).encode()
    assert read("openai_chat", JSON, body) == CanonicalUsage(None, 2)


def test_lone_surrogates_beside_the_usage_do_not_hide_it() -> None:
    body = json.dumps({"x": "\ud800", "usage": CHAT}).encode()
    assert read("openai_chat", JSON, body) == EXPECTED


def test_a_huge_json_body_is_given_up() -> None:
    filler = b" " * MAX_JSON_BYTES
    body = json.dumps({"usage": CHAT}).encode()
    assert read("openai_chat", JSON, body, filler) is None
    assert read("openai_chat", JSON, filler, body) is None


@pytest.mark.parametrize(
    ("wire", "kind", "before", "last"),
    [
        ("anthropic", SSE, b'data: {"type": "message_delta"}', b'data: {"type":"message_stop"}'),
        (
            "openai_chat",
            SSE,
            b'data: {"choices":[{"delta":{"content":"[DONE]"}}]}',
            b"data: [DONE]",
        ),
        (
            "openai_responses",
            SSE,
            b'data: {"delta":"\\"type\\":\\"response.completed\\""}',
            b'data: {"type":"response.completed"}',
        ),
        ("gemini", SSE, b'data: {"candidates":[{}]}', b'data: {"finishReason":"STOP"}'),
        ("ollama", NDJSON, b'{"done":false}', b'{"done":true}'),
    ],
)
def test_a_stream_is_complete_with_its_last_event(
    wire: str, kind: str, before: bytes, last: bytes
) -> None:
    reader = ADAPTERS[wire].reader(kind)
    reader.feed(before + b"\n\n")
    assert not reader.complete
    reader.feed(last + b"\n\n")
    assert reader.complete
