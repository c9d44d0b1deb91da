"""The pool over real sockets: TLS, connections that went stale, what is said of failures."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests import serving
from tests.serving import OK, Exchange, Provider, Script, Wire
from tokenpak.errors import UpstreamError, UpstreamTimeout
from tokenpak.providers.catalog import Target
from tokenpak.proxy.upstream import Upstream
from tokenpak.settings import Settings

# A name that no resolver knows: who reaches it went through a proxy.
ELSEWHERE = "provider.test"


def target(origin: str) -> Target:
    return Target("anthropic", origin, "/v1/messages", "/v1/messages", "anthropic")


def ask(
    origin: str, *, times: int = 1, timeout_s: float = 10.0, **values: str
) -> list[tuple[int, bytes]]:
    """Status and body of *times* requests, one after another through one pool."""
    settings = Settings(upstream_timeout_s=timeout_s, **values)  # type: ignore[arg-type]

    async def within() -> list[tuple[int, bytes]]:
        found = []
        async with Upstream(settings) as upstream:
            for _ in range(times):
                response = await upstream.send("POST", target(origin), [], b"{}")
                body = b""
                while not response.finished:
                    body += await response.read()
                found.append((response.status, body))
        return found

    return asyncio.run(within())


def test_a_request_that_met_a_closing_connection_is_sent_again_on_a_new_one(
    upstream: Provider,
) -> None:
    seen: set[Wire] = set()

    def once(exchange: Exchange) -> None:
        if exchange.wire in seen:
            exchange.wire.close()
        else:
            seen.add(exchange.wire)
            exchange.wire.send(OK)

    upstream.script = once
    assert ask(upstream.url, times=3) == [(200, b"{}")] * 3
    assert upstream.connections == 3


def test_a_request_that_was_answered_in_part_is_not_sent_again(upstream: Provider) -> None:
    def half(exchange: Exchange) -> None:
        if len(upstream.requests) == 1:
            exchange.wire.send(OK)
        else:
            exchange.wire.send(b"HTTP/1.1 200 OK\r\nconte")
            exchange.wire.close()

    upstream.script = half
    with pytest.raises(UpstreamError, match="without an answer"):
        ask(upstream.url, times=2)
    assert len(upstream.requests) == 2


def test_a_new_connection_that_hangs_up_is_not_tried_again(upstream: Provider) -> None:
    upstream.script = lambda exchange: exchange.wire.close()
    with pytest.raises(UpstreamError, match="closed the connection") as failed:
        ask(upstream.url)
    assert (failed.value.status, failed.value.retryable) == (502, True)
    assert len(upstream.requests) == 1


def test_failures_name_the_provider_its_address_and_what_to_do(upstream: Provider) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(UpstreamError, match=f"anthropic at {closed} cannot be reached.*check"):
        ask(closed)
    upstream.script = lambda exchange: exchange.wire.wait_until_closed()
    with pytest.raises(UpstreamTimeout, match="upstream_timeout_s") as late:
        ask(upstream.url, timeout_s=0.05)
    assert late.value.status == 504


@contextmanager
def tls(folder: Path) -> Iterator[str]:
    """An HTTPS provider for 127.0.0.1 and ELSEWHERE; its certificate is left in *folder*."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName(
        [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName(ELSEWHERE)]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve_tls, args=(listener, context), daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(serving.TIMEOUT_S)


def _serve_tls(listener: socket.socket, context: ssl.SSLContext) -> None:
    sock, _ = listener.accept()
    try:
        wire = Wire(context.wrap_socket(sock, server_side=True))
    except OSError:  # the client did not trust us
        sock.close()
        return
    with suppress(EOFError, OSError):
        while True:
            wire.read_message()
            wire.send(OK)
    wire.close()


def test_a_provider_that_the_system_trusts_is_spoken_to_in_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with tls(tmp_path) as origin:
        assert ask(origin) == [(200, b"{}")]


def test_a_provider_that_nobody_vouches_for_is_not_spoken_to(tmp_path: Path) -> None:
    with tls(tmp_path) as origin, pytest.raises(UpstreamError, match="CERTIFICATE_VERIFY_FAILED"):
        ask(origin)


def connecting(origin: str) -> Script:
    """A script by which a provider is a proxy that connects whoever asks with *origin*."""
    host, _, port = origin.partition("://")[2].rpartition(":")

    def script(exchange: Exchange) -> None:
        with socket.create_connection((host, int(port)), serving.TIMEOUT_S) as far:
            exchange.wire.send(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 corp\r\n\r\n")
            back = threading.Thread(target=_pour, args=(far, exchange.wire.sock), daemon=True)
            back.start()
            _pour(exchange.wire.sock, far)
            back.join(serving.TIMEOUT_S)

    return script


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


def with_user(proxy: Provider) -> str:
    return proxy.url.replace("://", "://me:p%40ss@")


CREDENTIALS = b"Basic bWU6cEBzcw=="


def test_a_provider_is_reached_in_tls_through_a_tunnel_that_is_kept(
    upstream: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with tls(tmp_path) as origin:
        upstream.script = connecting(origin)

        found = ask(f"https://{ELSEWHERE}", times=2, https_proxy=with_user(upstream))

    assert found == [(200, b"{}")] * 2
    (asked,) = upstream.requests
    assert asked.line == f"CONNECT {ELSEWHERE}:443 HTTP/1.1"
    assert asked.fields == {
        b"host": f"{ELSEWHERE}:443".encode(),
        b"proxy-authorization": CREDENTIALS,
    }


def test_a_client_of_the_server_is_served_through_the_tunnel_or_told_why_not(
    upstream: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    away = {"anthropic_url": f"https://{ELSEWHERE}", "https_proxy": with_user(upstream)}
    settings = serving.settings_for(tmp_path, **away)
    with tls(tmp_path) as origin, serving.proxy(settings) as running:
        upstream.script = connecting(origin)
        assert running.request("/v1/messages", b"{}")[1] == b"{}"

    upstream.script = lambda exchange: exchange.wire.send(REFUSED)
    with serving.proxy(settings) as running:
        head, body = running.request("/v1/messages", b"{}")
    assert head.startswith(b"HTTP/1.1 502 ") and b"answered 407" in body
    assert b"p@ss" not in body and b"p%40ss" not in body


def test_a_plain_request_is_handed_to_the_proxy_with_the_whole_address(upstream: Provider) -> None:
    assert ask(f"http://{ELSEWHERE}:81", http_proxy=with_user(upstream)) == [(200, b"{}")]

    (asked,) = upstream.requests
    assert asked.line == f"POST http://{ELSEWHERE}:81/v1/messages HTTP/1.1"
    assert asked.fields[b"host"] == f"{ELSEWHERE}:81".encode()
    assert asked.fields[b"proxy-authorization"] == CREDENTIALS


def test_a_provider_on_this_machine_is_never_asked_through_a_proxy(upstream: Provider) -> None:
    assert ask(upstream.url, http_proxy=f"http://{ELSEWHERE}") == [(200, b"{}")]
    assert upstream.requests[0].line == "POST /v1/messages HTTP/1.1"


REFUSED = b"HTTP/1.1 407 Who are you\r\ncontent-length: 3\r\n\r\nno!"


@pytest.mark.parametrize(
    ("scheme", "answer", "told"),
    [
        ("https", REFUSED, r"answered 407 Who are you; give HTTPS_PROXY the user"),
        ("http", REFUSED, r"answered 407 .*; give HTTP_PROXY the user"),
        ("https", b"HTTP/1.1 403 \x1b[31mNo\r\n\r\n", r"answered 403 \[31mNo; check"),
        ("https", b"SSH-2.0-OpenSSH\r\n\r\n", "did not answer in HTTP"),
        ("https", b"HTTP/1.1 200 OK\r\n\r\n\x16\x03", "sent more than an answer"),
        ("https", b"HTTP/1.1 200 OK\r\n", "hung up without an answer"),
        ("https", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 20_000, "gave no end of an answer"),
    ],
)
def test_a_proxy_that_does_not_let_through_is_named_with_what_it_said(
    upstream: Provider, scheme: str, answer: bytes, told: str
) -> None:
    def script(exchange: Exchange) -> None:
        with suppress(OSError):  # it may have stopped to listen
            exchange.wire.send(answer)
        exchange.wire.close()

    upstream.script = script
    with pytest.raises(UpstreamError, match=f"through the proxy {upstream.url} .*{told}") as failed:
        ask(f"{scheme}://{ELSEWHERE}", **{f"{scheme}_proxy": with_user(upstream)})

    assert (failed.value.status, failed.value.retryable) == (502, True)
    assert "p@ss" not in str(failed.value) and "me:" not in str(failed.value)


def test_a_proxy_that_is_not_there_is_named(upstream: Provider) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    told = f"through the proxy http://127.0.0.1:{port} cannot be reached.*check .*ALL_PROXY"
    with pytest.raises(UpstreamError, match=told):
        ask(f"https://{ELSEWHERE}", all_proxy=f"me:secret@127.0.0.1:{port}")
