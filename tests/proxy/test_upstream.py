"""The pool over real sockets: TLS, connections that went stale, what is said of failures."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests import serving
from tests.serving import OK, Exchange, Provider, Wire
from tokenpak.errors import UpstreamError, UpstreamTimeout
from tokenpak.providers.catalog import Target
from tokenpak.proxy.upstream import Upstream


def target(origin: str) -> Target:
    return Target("anthropic", origin, "/v1/messages", "/v1/messages", "anthropic")


def ask(origin: str, *, times: int = 1, timeout_s: float = 10.0) -> list[tuple[int, bytes]]:
    """Status and body of *times* requests, one after another through one pool."""

    async def within() -> list[tuple[int, bytes]]:
        found = []
        async with Upstream(timeout_s) as upstream:
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
    """An HTTPS provider for 127.0.0.1; its certificate is left in *folder*."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
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
    wire.read_message()
    wire.send(OK)
    wire.read_to_end()


def test_a_provider_that_the_system_trusts_is_spoken_to_in_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with tls(tmp_path) as origin:
        assert ask(origin) == [(200, b"{}")]


def test_a_provider_that_nobody_vouches_for_is_not_spoken_to(tmp_path: Path) -> None:
    with tls(tmp_path) as origin, pytest.raises(UpstreamError, match="CERTIFICATE_VERIFY_FAILED"):
        ask(origin)
