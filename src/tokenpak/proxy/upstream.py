"""The one seam to the providers: sends a request, gives the answer raw, keeps connections warm."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache, partial
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit

from aiohappyeyeballs import start_connection

from tokenpak.errors import UpstreamError, UpstreamTimeout
from tokenpak.providers.catalog import Target
from tokenpak.proxy.connection import Answer, Connection, NotHttp
from tokenpak.proxy.fields import Header
from tokenpak.proxy.outbound import Outbound, Outbounds, tunnel
from tokenpak.settings import Settings

CONNECT_TIMEOUT_S = 30.0
# https://www.rfc-editor.org/rfc/rfc8305#section-8
_NEXT_ADDRESS_S = 0.25
# Below the 60 s after which common load balancers close an idle connection, so that a request
# seldom meets one that is just being closed.
_KEEP_ALIVE_S = 50.0


class Response(Protocol):
    """A provider's answer, its body not yet read."""

    @property
    def status(self) -> int: ...

    @property
    def fields(self) -> Sequence[Header]: ...

    @property
    def finished(self) -> bool:
        """Whether the whole body has been read."""

    async def read(self) -> bytes:
        """What has arrived of the body; waits for something, empty only at the end.

        Raises UpstreamError if the provider breaks off.
        """

    def close(self) -> None:
        """Let go of the connection; one whose body is unfinished is closed."""


class Upstream:
    """Connections to the providers; one per process, to be used as an async context."""

    def __init__(self, settings: Settings) -> None:
        """Raises ConfigError if a proxy that the settings name cannot be used."""
        self._timeout_s = settings.upstream_timeout_s
        self._outbounds = Outbounds(settings)
        self._idle: defaultdict[str, list[Connection]] = defaultdict(list)
        self._tls: ssl.SSLContext | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for idle in self._idle.values():
            for connection in idle:
                connection.abort()
        self._idle.clear()

    async def send(
        self, method: str, target: Target, fields: Sequence[Header], body: bytes | None
    ) -> Response:
        """The provider's answer as soon as its head is there; *body* None sends none.

        Raises UpstreamError if there is no answer, UpstreamTimeout if it does not come in time.
        Cancelling closes the connection.
        """
        verb = method.encode()
        via = self._outbounds.to(target.origin)
        head = _head(verb, target, fields, body, via)
        try:
            connection = self._warm(target.origin) or await self._connect(target.origin)
            try:
                answer = await _ask(connection, verb, head, body)
            except ConnectionError:
                if connection.heard or not connection.used:
                    raise
                # The peer closed it while it was idle, and has not seen the request.
                answer = await _ask(await self._connect(target.origin), verb, head, body)
            if via is not None and not via.tunnels and answer.status == 407:
                answer.close()
                raise via.refused(407, "Proxy Authentication Required")
        except (TimeoutError, OSError, NotHttp) as error:
            raise _explained(error, target, via) from error
        return _Response(answer, target)

    def _warm(self, origin: str) -> Connection | None:
        idle = self._idle.get(origin)
        while idle:
            connection = idle.pop()
            if connection.open:
                if connection.loop.time() - connection.idle_since < _KEEP_ALIVE_S:
                    return connection
                connection.abort()
        return None

    async def _connect(self, origin: str) -> Connection:
        scheme, host, port, name = _address(origin)
        via = self._outbounds.to(origin)
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            where = (via.host, via.port) if via else (host, port)
            found = await loop.getaddrinfo(*where, type=socket.SOCK_STREAM)
            sock = await start_connection(found, happy_eyeballs_delay=_NEXT_ADDRESS_S)
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                if via is not None and via.tunnels:
                    await tunnel(sock, via, _with_port(name, port))
                _, connection = await loop.create_connection(
                    partial(Connection, partial(self._release, origin), self._timeout_s),
                    sock=sock,
                    ssl=self._trusted() if scheme == "https" else None,
                    server_hostname=host if scheme == "https" else None,
                )
            except BaseException:
                sock.close()
                raise
        return connection

    def _release(self, origin: str, connection: Connection) -> None:
        idle = self._idle[origin]
        idle.append(connection)
        oldest = idle[0]
        if not oldest.open or connection.idle_since - oldest.idle_since > _KEEP_ALIVE_S:
            idle.pop(0).abort()

    def _trusted(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
            self._tls.set_alpn_protocols(["http/1.1"])
        return self._tls


class _Response:
    """An answer that names its provider when it breaks off."""

    __slots__ = ("_answer", "_target", "fields", "status")

    def __init__(self, answer: Answer, target: Target) -> None:
        self._answer = answer
        self._target = target
        self.status = answer.status
        self.fields: Sequence[Header] = answer.fields

    @property
    def finished(self) -> bool:
        return self._answer.finished

    async def read(self) -> bytes:
        try:
            return await self._answer.read()
        except (TimeoutError, OSError, NotHttp) as error:
            raise _broken(error, self._target) from error

    def close(self) -> None:
        self._answer.close()


async def _ask(connection: Connection, verb: bytes, head: bytes, body: bytes | None) -> Answer:
    answer = connection.ask(verb, head, body)
    try:
        await answer.head()
    except BaseException:
        answer.close()
        raise
    return answer


def _head(
    verb: bytes,
    target: Target,
    fields: Sequence[Header],
    body: bytes | None,
    via: Outbound | None,
) -> bytes:
    *_, host = _address(target.origin)
    path = target.upstream_path.encode("latin-1")
    own: list[Header] = []
    if via is not None and not via.tunnels:
        path = b"http://%b%b" % (host, path)
        own = [(b"Proxy-Authorization", via.authorization)] if via.authorization else []
    lines = [
        b"%b %b HTTP/1.1\r\nHost: %b" % (verb, path, host),
        *[b"%b: %b" % field for field in (*fields, *own)],
    ]
    if body is not None and not any(name.lower() == b"content-length" for name, _ in fields):
        lines.append(b"Content-Length: %d" % len(body))
    lines.append(b"\r\n")
    return b"\r\n".join(lines)


@lru_cache(maxsize=64)
def _address(origin: str) -> tuple[str, str, int, bytes]:
    """Scheme, host, port, and what stands in the Host field."""
    parts = urlsplit(origin)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, parts.hostname or "", port, parts.netloc.encode("idna")


def _with_port(name: bytes, port: int) -> bytes:
    """The Host field *name* with its port, also where it is the scheme's own."""
    digits = b":%d" % port
    return name if name.endswith(digits) else name + digits


def _explained(error: Exception, target: Target, via: Outbound | None) -> UpstreamError:
    where = f"{target.provider} at {target.origin}"
    check = "the network and the provider's URL"
    if via is not None:
        where += f" through the proxy {via}"
        check = f"the network, {via.setting} and the provider's URL"
    if isinstance(error, TimeoutError):
        return UpstreamTimeout(
            f"{where} did not answer in time; try again, or raise upstream_timeout_s",
            provider=target.provider,
        )
    if isinstance(error, NotHttp):
        return UpstreamError(
            f"{where} did not answer in HTTP/1.1 ({error}); check the provider's URL",
            provider=target.provider,
            retryable=False,
        )
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return UpstreamError(
            f"{where} closed the connection without an answer; try again",
            provider=target.provider,
        )
    return UpstreamError(
        f"{where} cannot be reached: {error}; check {check}",
        provider=target.provider,
    )


def _broken(error: Exception, target: Target) -> UpstreamError:
    if isinstance(error, TimeoutError):
        return UpstreamTimeout(
            f"{target.provider} stopped in the middle of its answer", provider=target.provider
        )
    return UpstreamError(
        f"{target.provider} broke off in the middle of its answer", provider=target.provider
    )
