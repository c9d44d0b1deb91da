"""Streams over real sockets: chunk by chunk, cancelled when the client goes, cut when broken."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests import serving
from tests.serving import TIMEOUT_S, Exchange, Provider, Proxy

SSE = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
EVENTS = [
    b'event: a\ndata: {"n": 1}\n\n',
    b"data: \xc3",  # a chunk border inside a character
    b"\xa4\r\n\r\n",
    b"data: [DONE]\n\n",
]


def framed(chunk: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(chunk), chunk)


@pytest.fixture
def gate() -> threading.Semaphore:
    return threading.Semaphore(0)


def test_each_chunk_reaches_the_client_before_the_next_is_sent(
    proxy: Proxy, upstream: Provider, gate: threading.Semaphore
) -> None:
    def stream(exchange: Exchange) -> None:
        exchange.wire.send(SSE)
        for event in EVENTS:
            exchange.wire.send(framed(event))
            assert gate.acquire(timeout=TIMEOUT_S)
        exchange.wire.send(b"0\r\n\r\n")

    upstream.script = stream
    wire = proxy.connect()
    wire.send(proxy.head("/v1/messages", body=b"{}") + b"{}")
    assert b"text/event-stream" in wire.read_until(b"\r\n\r\n")
    got = []
    for _ in EVENTS:
        got.append(wire.read_chunk())  # the provider is still waiting at the gate
        gate.release()
    assert got == EVENTS
    assert wire.read_chunk() == b""
    wire.close()


def test_the_head_reaches_the_client_before_the_first_chunk(
    proxy: Proxy, upstream: Provider, gate: threading.Semaphore
) -> None:
    def stream(exchange: Exchange) -> None:
        exchange.wire.send(SSE)
        assert gate.acquire(timeout=TIMEOUT_S)
        exchange.wire.send(b"0\r\n\r\n")

    upstream.script = stream
    wire = proxy.connect()
    wire.send(proxy.head("/v1/messages", body=b"{}") + b"{}")
    assert wire.read_until(b"\r\n\r\n").startswith(b"HTTP/1.1 200")
    gate.release()
    assert wire.read_chunk() == b""
    wire.close()


@pytest.mark.parametrize("body", [b"{}", b'{"pad":"' + b"x" * 900_000 + b'"}'])
@pytest.mark.parametrize("first", [b"", SSE, SSE + framed(EVENTS[0])])
def test_a_client_that_leaves_takes_the_upstream_request_with_it(
    proxy: Proxy, upstream: Provider, gate: threading.Semaphore, first: bytes, body: bytes
) -> None:
    def silent(exchange: Exchange) -> None:
        if first:
            exchange.wire.send(first)
        gate.release()
        exchange.wire.wait_until_closed()  # times out, and fails the test, if it stays open
        gate.release()

    upstream.script = silent
    wire = proxy.connect()
    wire.send(proxy.head("/v1/messages", body=body) + body)
    assert gate.acquire(timeout=TIMEOUT_S)
    wire.close()
    assert gate.acquire(timeout=TIMEOUT_S)


def test_a_client_that_leaves_within_its_body_sends_nothing_upstream(
    proxy: Proxy, upstream: Provider
) -> None:
    wire = proxy.connect()
    wire.send(proxy.head("/v1/messages", fields="Content-Length: 100\r\n") + b'{"half":')
    wire.close()
    proxy.request("/v1/models", method="GET")  # the proxy has dealt with the first by then
    assert [each.line for each in upstream.requests] == ["GET /v1/models HTTP/1.1"]


@pytest.mark.parametrize("leave", [serving.Wire.reset, serving.Wire.close])
def test_a_provider_that_breaks_off_is_seen_as_broken_off(
    proxy: Proxy, upstream: Provider, gate: threading.Semaphore, leave: serving.Script
) -> None:
    def broken(exchange: Exchange) -> None:
        exchange.wire.send(SSE + framed(EVENTS[0]))
        assert gate.acquire(timeout=TIMEOUT_S)
        leave(exchange.wire)

    upstream.script = broken
    wire = proxy.connect()
    wire.send(proxy.head("/v1/messages", body=b"{}") + b"{}")
    wire.read_until(b"\r\n\r\n")
    assert wire.read_chunk() == EVENTS[0]
    gate.release()
    assert wire.read_to_end() == b""  # closed, and no last chunk that would make it look whole


def test_an_answer_shorter_than_its_length_is_seen_as_short(
    proxy: Proxy, upstream: Provider
) -> None:
    def short(exchange: Exchange) -> None:
        exchange.wire.send(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
        exchange.wire.close()

    upstream.script = short
    wire = proxy.connect()
    wire.send(proxy.head("/v1/messages", body=b"{}") + b"{}")
    head = wire.read_until(b"\r\n\r\n")
    assert b"content-length: 100" in head
    assert wire.read_to_end() in (b"half", b"")


def test_a_stream_goes_on_while_its_client_reads_slowly(proxy: Proxy, upstream: Provider) -> None:
    chunk, count = b"x" * 65_536, 200

    def flood(exchange: Exchange) -> None:
        exchange.wire.send(SSE)
        for _ in range(count):
            exchange.wire.send(framed(chunk))
        exchange.wire.send(b"0\r\n\r\n")

    upstream.script = flood
    wire = proxy.connect()
    wire.send(proxy.head("/v1/messages", body=b"{}") + b"{}")
    # Not reading yet: the proxy answers others meanwhile.
    assert proxy.request("/healthz", method="GET")[0].startswith(b"HTTP/1.1 200")
    _, body = wire.read_message()
    assert body == chunk * count
    wire.close()


def test_a_provider_that_never_answers_is_a_504(tmp_path: Path) -> None:
    def silent(exchange: Exchange) -> None:
        exchange.wire.wait_until_closed()

    with serving.provider(silent) as upstream:
        settings = serving.settings_for(tmp_path, upstream, upstream_timeout_s=0.2)
        with serving.proxy(settings) as proxy:
            head, body = proxy.request("/v1/messages", b"{}")
    assert head.startswith(b"HTTP/1.1 504")
    assert b"did not answer in time" in body
