"""Requests and answers over real sockets: what leaves one side arrives at the other."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import zstandard

from tests import serving
from tests.serving import OK, Exchange, Provider, Proxy, head_fields

# Every byte that a careless rewrite would change: spacing, escapes, numbers, order, duplicates.
ODD_JSON = (
    b'{ "model":"m" ,"n": 12345678901234567890, "f":1E5,"z":-0, "e":"\\u00e9\\/", '
    b'"messages":[{"role":"user","content":"h\\ud83di"}],"a":1,"a":2}\r\n'
)
NOT_JSON = b"\xff\xfe\x00 not json"


def answering(raw: bytes) -> serving.Script:
    return lambda exchange: exchange.wire.send(raw)


@pytest.mark.parametrize("body", [ODD_JSON, NOT_JSON, b'{"model":"m","messages":['])
@pytest.mark.parametrize(
    "target", ["/v1/messages", "/v1/chat/completions", "/v1/embeddings", "/api/chat"]
)
def test_a_body_arrives_byte_for_byte(
    proxy: Proxy, upstream: Provider, target: str, body: bytes
) -> None:
    head, answer = proxy.request(target, body)
    assert upstream.requests[0].body == body
    assert head.startswith(b"HTTP/1.1 200")
    assert answer == b"{}"


@pytest.mark.parametrize("size", [0, 1, 65_536, 3_000_000])
def test_an_answer_arrives_byte_for_byte(proxy: Proxy, upstream: Provider, size: int) -> None:
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    upstream.script = answering(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size + body)
    assert proxy.request("/v1/messages", b"{}")[1] == body


def test_a_chunked_body_arrives_whole_with_its_length(proxy: Proxy, upstream: Provider) -> None:
    wire = proxy.connect()
    wire.send(proxy.head("/v1/messages", fields="Transfer-Encoding: chunked\r\n"))
    for piece in (b'{"mod', b'el":1', b"}"):
        wire.send(b"%x\r\n%b\r\n" % (len(piece), piece))
    wire.send(b"0\r\n\r\n")
    assert wire.read_message()[1] == b"{}"
    (got,) = upstream.requests
    assert (got.body, got.fields[b"content-length"]) == (b'{"model":1}', b"11")
    assert b"transfer-encoding" not in got.fields
    wire.close()


@pytest.mark.parametrize(
    ("encoding", "encode"), [("gzip", gzip.compress), ("zstd", zstandard.compress)]
)
def test_an_encoded_body_that_is_not_packed_goes_out_as_it_came(
    proxy: Proxy, upstream: Provider, encoding: str, encode: Callable[[bytes], bytes]
) -> None:
    body = encode(ODD_JSON)
    proxy.request("/v1/messages", body, fields=f"Content-Encoding: {encoding}\r\n")
    (got,) = upstream.requests
    assert got.body == body
    assert got.fields[b"content-encoding"] == encoding.encode()


def test_header_fields_keep_order_case_and_duplicates(proxy: Proxy, upstream: Provider) -> None:
    fields = (
        "anthropic-BETA: a\r\nX-Two: 1\r\nAuthorization: Bearer oauth-token\r\nx-two: 2\r\n"
        "Accept-Encoding: gzip, br\r\nX-Umlaut: \xe4\r\n"
    )
    proxy.request("/v1/messages", b"{}", fields=fields)
    head = upstream.requests[0].head
    assert head.endswith(fields.encode("latin-1") + b"\r\n")
    assert head_fields(head).keys() == {
        b"host",
        b"content-length",
        b"anthropic-beta",
        b"x-two",
        b"authorization",
        b"accept-encoding",
        b"x-umlaut",
    }
    assert upstream.url.endswith(head_fields(head)[b"host"].decode())


def test_fields_of_the_connection_and_our_own_stay_behind(proxy: Proxy, upstream: Provider) -> None:
    upstream.script = answering(
        OK.replace(b"\r\n\r\n", b"\r\nConnection: X-Mine\r\nX-Mine: 1\r\nKeep-Alive: 5\r\n\r\n")
    )
    head, _ = proxy.request(
        "/v1/messages",
        b"{}",
        fields="Connection: keep-alive, X-Secret\r\nX-Secret: 1\r\nTE: trailers\r\n"
        "X-TokenPak-Mode: off\r\nProxy-Authorization: Basic x\r\nUpgrade: h2c\r\n",
    )
    sent = upstream.requests[0].fields
    assert sent.keys() == {b"host", b"content-length"}
    assert not head_fields(head).keys() & {b"x-mine", b"keep-alive"}


def test_answer_fields_pass_and_nothing_is_added_but_tip(proxy: Proxy, upstream: Provider) -> None:
    upstream.script = answering(
        b"HTTP/1.1 429 Too Many\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nRetry-After: 7\r\n"
        b"request-id: r1\r\ncontent-length: 4\r\n\r\nslow"
    )
    head, body = proxy.request("/v1/messages", b"{}")
    lines = head.split(b"\r\n")
    assert lines[0].startswith(b"HTTP/1.1 429")
    assert lines[1:6] == [
        b"set-cookie: a=1",
        b"set-cookie: b=2",
        b"retry-after: 7",
        b"request-id: r1",
        b"content-length: 4",
    ]
    assert all(line.startswith(b"x-tokenpak-") for line in lines[6:-2])
    assert body == b"slow"


def test_tip_fields_are_on_every_answer(proxy: Proxy) -> None:
    head, _ = proxy.request("/v1/messages", b'{"model":"m","messages":[]}')
    fields = head_fields(head)
    assert fields[b"x-tokenpak-tip-version"] == b"TIP-1.0"
    assert fields[b"x-tokenpak-profile"] == b"tip-proxy"
    assert fields[b"x-tokenpak-cache-origin"] == b"unknown"
    assert fields[b"x-tokenpak-savings-tokens"] == b"0"
    assert float(fields[b"x-tokenpak-compression-ms"]) >= 0


def test_a_request_id_is_echoed(proxy: Proxy) -> None:
    head, _ = proxy.request("/v1/messages", b"{}", fields="X-TokenPak-Request-Id: my.id-1\r\n")
    assert head_fields(head)[b"x-tokenpak-request-id"] == b"my.id-1"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE", "PUT", "PATCH", "POST"])
def test_a_request_without_body_stays_without(
    proxy: Proxy, upstream: Provider, method: str
) -> None:
    upstream.script = answering(b"HTTP/1.1 204 No Content\r\nx-a: 1\r\n\r\n")
    head, _ = proxy.request("/v1/files/f1", method=method)
    (got,) = upstream.requests
    assert got.line == f"{method} /v1/files/f1 HTTP/1.1"
    assert not got.fields.keys() & {b"content-length", b"transfer-encoding", b"content-type"}
    assert head.startswith(b"HTTP/1.1 204")


def test_a_head_answer_keeps_the_length_of_the_body_it_stands_for(
    proxy: Proxy, upstream: Provider
) -> None:
    upstream.script = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n")
    wire = proxy.connect()
    wire.send(proxy.head("/v1/models", "HEAD"))
    assert head_fields(wire.read_until(b"\r\n\r\n"))[b"content-length"] == b"99"
    wire.send(proxy.head("/v1/models", "HEAD"))  # nothing of a body stands in between
    assert wire.read_until(b"\r\n\r\n").startswith(b"HTTP/1.1 200")
    wire.close()


@pytest.mark.parametrize(
    "target",
    [
        "/v1/messages?beta=true&x=%2F%20+a",
        "/v1beta/models/gemini%2D2:generateContent?key=a%26b&alt=sse",
        "/v1/files/a%2Fb%0D%0A/../c//d",
    ],
)
def test_path_and_query_go_out_as_written(proxy: Proxy, upstream: Provider, target: str) -> None:
    proxy.request(target, b"{}")
    assert upstream.requests[0].line == f"POST {target} HTTP/1.1"


def test_redirects_and_cookies_are_the_clients_business(proxy: Proxy, upstream: Provider) -> None:
    upstream.script = answering(
        b"HTTP/1.1 302 Found\r\nlocation: /v1/other\r\nset-cookie: s=1\r\ncontent-length: 0\r\n\r\n"
    )
    assert proxy.request("/v1/models", method="GET")[0].startswith(b"HTTP/1.1 302")
    proxy.request("/v1/models", method="GET")
    assert [each.line for each in upstream.requests] == ["GET /v1/models HTTP/1.1"] * 2
    assert b"cookie" not in upstream.requests[1].fields


def test_a_client_that_waits_for_100_continue_is_told_to_go_on(
    proxy: Proxy, upstream: Provider
) -> None:
    wire = proxy.connect()
    wire.send(proxy.head("/v1/messages", fields="Expect: 100-continue\r\n", body=b"{}"))
    assert wire.read_until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    wire.send(b"{}")
    assert wire.read_message()[1] == b"{}"
    assert b"expect" not in upstream.requests[0].fields
    wire.close()


def test_connections_are_kept_on_both_sides(proxy: Proxy, upstream: Provider) -> None:
    wire = proxy.connect()
    for _ in range(3):
        wire.send(proxy.head("/v1/messages", body=b"{}") + b"{}")
        assert wire.read_message()[1] == b"{}"
    assert (len(upstream.requests), upstream.connections) == (3, 1)
    wire.close()


def test_a_hundred_requests_at_once_keep_their_own_answers(
    proxy: Proxy, upstream: Provider
) -> None:
    def echo(exchange: Exchange) -> None:
        size = len(exchange.body)
        exchange.wire.send(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size + exchange.body)

    upstream.script = echo
    bodies = [json.dumps({"n": n, "pad": "x" * n * 100}).encode() for n in range(100)]
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(lambda body: proxy.request("/v1/messages", body)[1], bodies))
    assert answers == bodies


def test_an_explicit_provider_is_cut_off_the_path(proxy: Proxy, upstream: Provider) -> None:
    proxy.request("/openai/v1/models?x=1", method="GET")
    assert upstream.requests[0].line == "GET /v1/models?x=1 HTTP/1.1"


def test_a_base_path_of_the_provider_stands_in_front(upstream: Provider, tmp_path: Path) -> None:
    settings = serving.settings_for(tmp_path, openai_url=f"{upstream.url}/team/v1/")
    with serving.proxy(settings) as proxy:
        proxy.request("/v1/chat/completions", b"{}")
        proxy.request("/openai/deployments/x", b"{}")
    assert [each.line for each in upstream.requests] == [
        "POST /team/v1/chat/completions HTTP/1.1",
        "POST /team/v1/deployments/x HTTP/1.1",
    ]


def test_a_provider_that_restarts_is_found_again(proxy: Proxy, upstream: Provider) -> None:
    def once(exchange: Exchange) -> None:
        exchange.wire.send(OK)
        exchange.wire.close()

    upstream.script = once
    for _ in range(3):
        assert proxy.request("/v1/messages", b"{}")[1] == b"{}"


def test_healthz_tells_how_the_process_is(proxy: Proxy, upstream: Provider) -> None:
    head, body = proxy.request("/healthz", method="GET")
    state = json.loads(body)
    assert head.startswith(b"HTTP/1.1 200")
    assert (state["status"], state["telemetry"]) == ("ok", {"enabled": False})
    assert upstream.requests == []
