"""Sends a session turn by turn, straight to the provider and through the proxy."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from tokenpak.demo.session import Session
from tokenpak.errors import UpstreamError


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer; `duration_ms` is without the provider's own time."""

    status: int
    duration_ms: float


@dataclass(frozen=True, slots=True)
class Turn:
    """The same request on both ways."""

    direct: Exchange
    packed: Exchange

    @property
    def added_ms(self) -> float:
        return self.packed.duration_ms - self.direct.duration_ms


def replay(session: Session, direct_origin: str, proxy_origin: str) -> Iterator[Turn]:
    """Each turn of *session*, sent on both ways one after the other.

    Raises UpstreamError if one of the two cannot be reached.
    """
    direct, proxy = _connect(direct_origin), _connect(proxy_origin)
    try:
        for upto in session.turns():
            body = session.request(upto)
            yield Turn(_send(direct, session, body), _send(proxy, session, body))
    finally:
        direct.close()
        proxy.close()


def _connect(origin: str) -> http.client.HTTPConnection:
    url = urlsplit(origin)
    return http.client.HTTPConnection(url.hostname or "127.0.0.1", url.port, timeout=60)


def _send(connection: http.client.HTTPConnection, session: Session, body: bytes) -> Exchange:
    headers = {
        "content-type": "application/json",
        "x-api-key": "demo",
        "anthropic-version": "2023-06-01",
        "user-agent": "claude-cli/2.1 (external, cli)",
        "x-app": "cli",
        "x-claude-code-session-id": session.id,
    }
    started = time.perf_counter()
    try:
        connection.request("POST", "/v1/messages?beta=true", body, headers)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException) as error:
        raise UpstreamError(
            f"{connection.host}:{connection.port} did not answer: {error!r}", provider="demo"
        ) from error
    spent_ms = (time.perf_counter() - started) * 1000
    found = re.search(r"dur=([\d.]+)", response.headers.get("server-timing", ""))
    return Exchange(response.status, spent_ms - (float(found[1]) if found else 0.0))
