"""Ollama's chat and generate."""

from __future__ import annotations

import json

import pytest

from tests.wire.recorded import decoded, outline
from tokenpak.errors import WireError
from tokenpak.wire import ADAPTERS

ADAPTER = ADAPTERS["ollama"]


def test_reads_a_chat_and_pairs_results_with_calls_by_order() -> None:
    request = decoded("ollama")
    assert outline(request) == [
        "0 system system You are a coding agent.",
        "1 user text Why does the build fail?",
        "1 user image !",
        "2 assistant thinking !",
        "2 assistant text ",
        "2 assistant tool_use=bash !",
        "2 assistant tool_use=bash !",
        '3 tool tool_result=bash<{"command":"make"} cc: error',
        '4 tool tool_result=bash<{"command":"ls"} Makefile',
        "5 assistant text It names no source.",
    ]
    assert (request.model, request.tools) == ("qwen3", ("bash",))


def test_reads_a_generate_request() -> None:
    body = b'{"model":"m","prompt":"hi","system":"be brief","images":["x"],"stream":false}'
    request = ADAPTER.decode_request(body, "/api/generate")
    assert outline(request) == ["-1 system system be brief", "0 user text hi", "0 user image !"]
    assert not request.stream


def test_streams_unless_told_not_to() -> None:
    assert ADAPTER.decode_request(b'{"prompt":"hi"}').stream


@pytest.mark.parametrize("body", [b'{"model":"m"}', b'{"prompt":5}'])
def test_refuses_a_body_without_conversation(body: bytes) -> None:
    with pytest.raises(WireError):
        ADAPTER.decode_request(body)


def test_words_an_error_as_the_sdk_expects() -> None:
    error = json.loads(ADAPTER.error_body(502, "tip.transport.reset", "it broke"))
    assert error == {"error": "it broke (tip.transport.reset)"}
