"""The simulated provider, over a real connection."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tokenpak.demo.provider import Provider

LONG = {"type": "text", "text": "x" * 2000, "cache_control": {"type": "ephemeral"}}
REQUEST = {"model": "m", "stream": True, "messages": [{"role": "user", "content": [LONG]}]}


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider(len) as running:
        yield running


@pytest.fixture
def connection(provider: Provider) -> Iterator[http.client.HTTPConnection]:
    opened = http.client.HTTPConnection(provider.origin.removeprefix("http://"), timeout=10)
    yield opened
    opened.close()


def post(connection: http.client.HTTPConnection, body: Any, **options: Any) -> tuple[int, str]:
    connection.request("POST", "/v1/messages", body, **options)
    response = connection.getresponse()
    return response.status, response.read().decode()


def usage(stream: str) -> dict[str, int]:
    first = next(line for line in stream.splitlines() if line.startswith("data: "))
    return json.loads(first.removeprefix("data: "))["message"]["usage"]  # type: ignore[no-any-return]


def test_reports_what_was_read_from_the_cache(connection: http.client.HTTPConnection) -> None:
    body = json.dumps(REQUEST)

    first, second = (usage(post(connection, body)[1]) for _ in range(2))

    assert (first["cache_creation_input_tokens"], first["cache_read_input_tokens"]) == (2000, 0)
    assert (second["cache_creation_input_tokens"], second["cache_read_input_tokens"]) == (0, 2000)


def test_streams_a_whole_message(connection: http.client.HTTPConnection) -> None:
    _, stream = post(connection, json.dumps(REQUEST))

    events = [line.split(": ")[1] for line in stream.splitlines() if line.startswith("event")]
    assert events[0] == "message_start"
    assert events[-1] == "message_stop"


def test_reads_chunked_bodies(provider: Provider, connection: http.client.HTTPConnection) -> None:
    halves = json.dumps(REQUEST).encode()
    body = iter([halves[:50], halves[50:]])

    status, _ = post(
        connection, body, encode_chunked=True, headers={"transfer-encoding": "chunked"}
    )

    assert status == 200
    assert provider.arrivals[0].blocks[0].text == "x" * 2000


def test_refuses_what_the_real_one_would_refuse(
    provider: Provider, connection: http.client.HTTPConnection
) -> None:
    status, answer = post(connection, json.dumps({"messages": []}))

    assert status == 400
    assert json.loads(answer)["error"]["type"] == "invalid_request_error"
    assert provider.arrivals[0].charge is None
    assert provider.arrivals[0].refused


def test_two_providers_share_no_cache() -> None:
    with Provider(len) as one, Provider(len) as other:
        for each in (one, other):
            opened = http.client.HTTPConnection(each.origin.removeprefix("http://"), timeout=10)
            post(opened, json.dumps(REQUEST))
            opened.close()

    assert [each.arrivals[0].charge.read for each in (one, other) if each.arrivals[0].charge] == [
        0,
        0,
    ]
