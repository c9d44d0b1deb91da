from __future__ import annotations

import asyncio
import json

import pytest

from tests.proxy.parts import Client
from tokenpak import wire
from tokenpak.proxy.answers import Refused, answer_error, generic_body
from tokenpak.wire.adapter import Adapter

NAMES = ("anthropic", "openai_chat", "openai_responses", "gemini", "ollama")


@pytest.mark.parametrize("adapter", [None, *map(wire.get_adapter, NAMES)])
def test_a_refusal_is_whole_json_with_its_message_and_tip_fields(adapter: Adapter | None) -> None:
    client = Client()
    refused = Refused(413, "tip.policy.refused", "too large: “x”", fields=[(b"retry-after", b"1")])
    asyncio.run(answer_error(client.send, adapter, refused, "id-1"))
    assert client.status == 413
    assert client.head[b"content-length"] == b"%d" % len(client.answer)
    assert client.head[b"x-tokenpak-request-id"] == b"id-1"
    assert client.head[b"x-tokenpak-cache-origin"] == b"unknown"
    assert client.head[b"retry-after"] == b"1"
    assert b"connection" not in client.head
    assert "too large: “x”" in json.dumps(json.loads(client.answer), ensure_ascii=False)
    assert client.complete


def test_a_refusal_with_the_request_unread_ends_the_connection() -> None:
    client = Client()
    asyncio.run(answer_error(client.send, None, Refused(413, "c", "m", close=True), "id"))
    assert client.head[b"connection"] == b"close"


def test_the_generic_shape_names_code_and_message() -> None:
    assert json.loads(generic_body("c", "m")) == {"error": {"code": "c", "message": "m"}}
