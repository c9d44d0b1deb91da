"""OpenAI Chat Completions, current and legacy."""

from __future__ import annotations

import json

from tests.wire.recorded import decoded, outline
from tokenpak.wire import ADAPTERS

ADAPTER = ADAPTERS["openai_chat"]


def test_reads_messages_in_order_and_pairs_results_with_calls() -> None:
    assert outline(decoded("openai_chat")) == [
        "0 developer system You are a coding agent.",
        "1 user text Why does the build fail?",
        "1 user image !",
        "2 assistant tool_use=bash !",
        "2 assistant tool_use=patch !",
        r'3 tool tool_result=bash<"{\"command\":\"make\"}" cc: error',
        '4 tool tool_result=patch<"*** Begin" done',
        "5 assistant text One more.",
        "5 assistant tool_use=old !",
        '6 function tool_result=old<"{}" old result',
    ]


def test_reads_model_stream_and_tools() -> None:
    request = decoded("openai_chat")
    assert (request.model, request.stream) == ("gpt-5", True)
    assert request.tools == ("bash", "patch", "old")
    assert not request.cache_marked


def test_arguments_in_a_string_are_read_as_an_object() -> None:
    call = next(part for part in decoded("openai_chat").parts if part.kind == "tool_use")
    assert call.arguments == {"command": "make"}


def test_reasoning_that_is_sent_back_is_thinking() -> None:
    body = b'{"messages":[{"role":"assistant","reasoning_content":"hm","content":"x"}]}'
    assert outline(ADAPTER.decode_request(body)) == ["0 assistant thinking !", "0 assistant text x"]


def test_a_gateways_cache_mark_is_seen() -> None:
    body = (
        b'{"messages":[{"role":"user","content":[{"type":"text","text":"x","cache_control":{}}]}]}'
    )
    assert ADAPTER.decode_request(body).cache_marked


def test_words_an_error_as_the_sdk_expects() -> None:
    error = json.loads(ADAPTER.error_body(502, "tip.transport.reset", "it broke"))
    assert error == {
        "error": {
            "message": "it broke",
            "type": "server_error",
            "param": None,
            "code": "tip.transport.reset",
        }
    }
