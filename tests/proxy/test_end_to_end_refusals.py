"""What the proxy does not let through, over real sockets: each refusal says what to do."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from tests import serving
from tests.serving import Exchange, Provider, Proxy, head_fields


def raw(proxy: Proxy, request: bytes) -> tuple[int, bytes]:
    """Status and body of the answer to *request*, sent as it is."""
    wire = proxy.connect()
    wire.send(request)
    head, body = wire.read_message()
    wire.close()
    return int(head.split()[1]), body


def test_an_unreachable_provider_is_a_502_in_the_clients_shape(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    settings = serving.settings_for(tmp_path, anthropic_url=url, openai_url=url)
    with serving.proxy(settings) as proxy:
        head, body = proxy.request("/v1/messages?key=secret", b"{}")
        assert head.startswith(b"HTTP/1.1 502")
        assert head_fields(head)[b"content-type"] == b"application/json"
        error = json.loads(body)
        assert error["type"] == "error"
        assert url in error["error"]["message"]
        assert b"secret" not in body
        assert "message" in json.loads(proxy.request("/v1/models", method="GET")[1])["error"]


def test_a_provider_that_hangs_up_or_speaks_no_http_is_a_502(
    proxy: Proxy, upstream: Provider
) -> None:
    upstream.script = lambda exchange: exchange.wire.close()
    assert proxy.request("/v1/messages", b"{}")[0].startswith(b"HTTP/1.1 502")

    def babble(exchange: Exchange) -> None:
        exchange.wire.send(b"SSH-2.0-OpenSSH\r\n\r\n")
        exchange.wire.close()

    upstream.script = babble
    assert proxy.request("/v1/messages", b"{}")[0].startswith(b"HTTP/1.1 502")


def test_an_unknown_path_is_a_404_that_lists_the_known_ones(
    proxy: Proxy, upstream: Provider
) -> None:
    head, body = proxy.request("/nope", b"{}")
    assert head.startswith(b"HTTP/1.1 404")
    message = json.loads(body)["error"]["message"]
    assert "/nope" in message
    assert "/v1/*" in message
    assert "/ollama/*" in message
    assert upstream.requests == []


def test_an_unknown_mode_is_a_400_that_lists_the_known_ones(
    proxy: Proxy, upstream: Provider
) -> None:
    head, body = proxy.request("/v1/messages", b"{}", fields="X-TokenPak-Mode: tiny\r\n")
    assert head.startswith(b"HTTP/1.1 400")
    assert "hybrid" in json.loads(body)["error"]["message"]
    assert upstream.requests == []


def test_a_websocket_is_refused_in_the_clients_shape(proxy: Proxy, upstream: Provider) -> None:
    fields = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    head, body = proxy.request("/v1/responses", method="GET", fields=fields)
    assert head.startswith(b"HTTP/1.1 426")
    assert "WebSocket" in json.loads(body)["error"]["message"]
    assert upstream.requests == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ("", 400),
        ("Host: 127.0.0.1\r\nHost: 127.0.0.1\r\n", 400),
        ("Host: \r\n", 400),
        ("Host: evil.example\r\n", 421),
        ("Host: 127.0.0.1.evil.example\r\n", 421),
        ("Host: localhost\r\nOrigin: http://evil.example\r\n", 403),
        ("Host: localhost\r\nOrigin: null\r\n", 403),
        ("Host: localhost\r\nSec-Fetch-Site: cross-site\r\n", 403),
        ("Host: localhost:1\r\nOrigin: http://localhost:3000\r\n", 200),
        ("Host: [::1]:8766\r\n", 200),
        ("Host: LOCALHOST\r\nOrigin: vscode-webview://abc\r\n", 200),
    ],
)
def test_web_pages_and_foreign_hosts_are_refused(
    proxy: Proxy, upstream: Provider, fields: str, status: int
) -> None:
    request = f"POST /v1/messages HTTP/1.1\r\n{fields}Content-Length: 2\r\n\r\n{{}}".encode()
    assert raw(proxy, request)[0] == status
    assert len(upstream.requests) == (status == 200)


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 1_100_000, 431),
        (
            b"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\n"
            + b"X: 1\r\n" * 130
            + b"Content-Length: 2\r\n\r\n{}",
            431,
        ),
        (
            b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n"
            + b"X: %b\r\n" % (b"a" * 700) * 100
            + b"\r\n",
            431,
        ),
        (b"GET /v1/" + b"a" * 17_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n X: folded\r\n\r\n", 400),
        (b"GET /v1/models HTTP/1.1\r\nHost : localhost\r\n\r\n", 400),
        (b"CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (
            b"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n{}",
            400,
        ),
        (
            b"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
            b"Content-Length: 3\r\n\r\n{}",
            400,
        ),
        (
            b"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"0x2\r\n{}\r\n0\r\n\r\n",
            400,
        ),
    ],
)
def test_heads_beyond_the_limits_are_refused(
    proxy: Proxy, upstream: Provider, head: bytes, status: int
) -> None:
    found, body = raw(proxy, head)
    assert found == status
    assert json.loads(body)["error"]["message"]
    assert upstream.requests == []


def test_a_body_over_the_limit_is_a_413_after_which_the_connection_ends(
    upstream: Provider, tmp_path: Path
) -> None:
    settings = serving.settings_for(tmp_path, upstream, max_body_mb=1)
    with serving.proxy(settings) as proxy:
        wire = proxy.connect()
        body = b"x" * (2 << 20)
        wire.send(proxy.head("/v1/messages", body=body) + body)
        head, answer = wire.read_message()
        assert head.startswith(b"HTTP/1.1 413")
        assert json.loads(answer)["type"] == "error"
        assert wire.read_to_end() == b""
    assert upstream.requests == []


def test_a_client_that_asks_first_need_not_send_a_body_over_the_limit(
    upstream: Provider, tmp_path: Path
) -> None:
    with serving.proxy(serving.settings_for(tmp_path, upstream, max_body_mb=1)) as proxy:
        wire = proxy.connect()
        fields = f"Expect: 100-continue\r\nContent-Length: {2 << 20}\r\n"
        wire.send(proxy.head("/v1/messages", fields=fields))
        assert wire.read_message()[0].startswith(b"HTTP/1.1 413")
        wire.close()


def test_the_token_is_asked_for_and_stays_here(upstream: Provider, tmp_path: Path) -> None:
    with serving.proxy(serving.settings_for(tmp_path, upstream, auth_token="s3cret")) as proxy:
        head, body = proxy.request("/v1/messages", b"{}", fields="Authorization: Bearer s3cret\r\n")
        assert head.startswith(b"HTTP/1.1 401")
        assert b"X-TokenPak-Token" in body
        assert proxy.request("/v1/messages", b"{}", fields="X-TokenPak-Token: bad\r\n")[
            0
        ].startswith(b"HTTP/1.1 401")
        assert upstream.requests == []
        assert proxy.request("/v1/messages", b"{}", fields="X-TokenPak-Token: s3cret\r\n")[
            0
        ].startswith(b"HTTP/1.1 200")
        assert b"s3cret" not in upstream.requests[0].head
        assert json.loads(proxy.request("/healthz", method="GET")[1]) == {"status": "ok"}
