"""Slow clients, with the timeouts shortened; the rest of the protocol is tested end to end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from tests import serving
from tests.serving import Provider, Proxy
from tokenpak.proxy import handler, http_protocol, intake


@pytest.fixture
def impatient(
    upstream: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Proxy]:
    monkeypatch.setattr(http_protocol, "HEAD_TIMEOUT_S", 0.1)

    async def read_body(*args: object) -> bytes:
        return await intake.read_body(*args, progress_timeout_s=0.1)  # type: ignore[arg-type]

    monkeypatch.setattr(handler, "read_body", read_body)
    with serving.proxy(serving.settings_for(tmp_path, upstream)) as running:
        yield running


def test_a_connection_that_says_nothing_is_closed(impatient: Proxy) -> None:
    assert impatient.connect().read_to_end() == b""


@pytest.mark.parametrize("before", [0, 1])
def test_half_a_head_is_a_408(impatient: Proxy, upstream: Provider, before: int) -> None:
    wire = impatient.connect()
    for _ in range(before):
        wire.send(impatient.head("/v1/models", "GET"))
        wire.read_message()
    wire.send(b"GET /v1/models HTTP/1.1\r\nHost: loc")
    assert wire.read_message()[0].startswith(b"HTTP/1.1 408")
    assert wire.read_to_end() == b""
    assert len(upstream.requests) == before


def test_a_body_that_stops_is_a_408(impatient: Proxy, upstream: Provider) -> None:
    wire = impatient.connect()
    wire.send(impatient.head("/v1/messages", fields="Content-Length: 9\r\n") + b"{")
    head, body = wire.read_message()
    assert head.startswith(b"HTTP/1.1 408")
    assert b"after 1 bytes" in body
    assert wire.read_to_end() == b""
    assert upstream.requests == []


def test_a_slow_provider_is_not_the_clients_fault(impatient: Proxy, upstream: Provider) -> None:
    idle = impatient.connect()

    def slow(exchange: serving.Exchange) -> None:
        idle.wait_until_closed()  # the head timeout has struck another connection
        exchange.wire.send(serving.OK)

    upstream.script = slow
    assert impatient.request("/v1/messages", b"{}")[1] == b"{}"


def test_uvicorn_has_the_parts_that_are_built_upon() -> None:
    assert uvicorn.__version__.startswith("0.54.")
    ours = http_protocol.ClientProtocol
    for name in ("_start_asgi_task", "_unset_keepalive_if_required", "on_response_complete"):
        assert callable(getattr(HttpToolsProtocol, name))
    assert issubclass(ours, HttpToolsProtocol)
    wanted = {"disconnected", "message_event", "response_complete", "response_started"}
    wanted |= {"chunked_encoding", "expected_content_length", "keep_alive", "more_body"}
    wanted |= {"waiting_for_100_continue", "default_headers", "on_response"}
    assert wanted <= set(RequestResponseCycle.__init__.__code__.co_names)
