"""The one seam to the HTTP client library: sends a request to a provider, gives its answer raw."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Protocol, Self

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from yarl import URL

from tokenpak.errors import UpstreamError, UpstreamTimeout
from tokenpak.providers.catalog import Target
from tokenpak.proxy.fields import Header

CONNECT_TIMEOUT_S = 30.0
# Below the 60 s after which common load balancers close an idle connection, so that a request
# seldom meets one that is just being closed.
_KEEP_ALIVE_S = 50.0
_READ_BYTES = 1 << 16
# Providers behind a CDN send long policy headers; the library's own limit is 8 KB.
_HEAD_BYTES = 1 << 16
_MAX_FIELDS = 1000
# Fields that the library would add where the client sent none.
_NEVER_ADDED = ("Accept", "Accept-Encoding", "User-Agent", "Content-Type")


class Response(Protocol):
    """A provider's answer, its body not yet read."""

    status: int
    fields: Sequence[Header]

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

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            auto_decompress=False,
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEEP_ALIVE_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            max_field_size=_HEAD_BYTES,
            max_headers=_MAX_FIELDS,
            max_line_size=_HEAD_BYTES,
            read_bufsize=_READ_BYTES,
            request_class=_Request,
            skip_auto_headers=_NEVER_ADDED,
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=CONNECT_TIMEOUT_S, sock_read=self._timeout_s
            ),
            # Reads ~/.netrc and would put its credentials in place of the client's.
            trust_env=False,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(
        self,
        method: str,
        target: Target,
        headers: Sequence[tuple[str, str]],
        body: bytes | None,
    ) -> Response:
        """The provider's answer as soon as its head is there; *body* None sends none.

        Raises UpstreamError if there is no answer, UpstreamTimeout if it does not come in time.
        Cancelling closes the connection.
        """
        assert self._session is not None, "use Upstream as an async context"
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._session.request(
                    method,
                    URL(target.origin + target.upstream_path, encoded=True),
                    headers=headers,
                    data=None if body is None else _Body(body),
                    allow_redirects=False,
                )
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise _explained(error, target) from error
        return _Answer(answer, target)


class _Answer:
    """aiohttp's response behind our protocol."""

    __slots__ = ("_answer", "_target", "fields", "status")

    def __init__(self, answer: aiohttp.ClientResponse, target: Target) -> None:
        self._answer = answer
        self._target = target
        self.status = answer.status
        self.fields: Sequence[Header] = answer.raw_headers

    @property
    def finished(self) -> bool:
        return self._answer.content.at_eof()

    async def read(self) -> bytes:
        try:
            return await self._answer.content.readany()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise _broken(error, self._target) from error

    def close(self) -> None:
        if not self.finished:
            self._answer.close()


class _Request(aiohttp.ClientRequest):
    """A request that says nothing about a body where the client sent none."""

    def update_body_from_data(self, body: Any, _stacklevel: int = 3) -> None:
        if body is not None:
            super().update_body_from_data(body, _stacklevel)


class _Body(aiohttp.Payload):
    """Bytes of any size, written at once; the library's own class warns beyond 1 MB."""

    _value: bytes
    _autoclose = True

    def __init__(self, value: bytes) -> None:
        super().__init__(value)
        self._size = len(value)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return self._value.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        await writer.write(self._value)


def _explained(error: Exception, target: Target) -> UpstreamError:
    where = f"{target.provider} at {target.origin}"
    # Order matters: a timeout while connecting is a connector error as well.
    if isinstance(error, TimeoutError):
        return UpstreamTimeout(
            f"{where} did not answer in time; try again, or raise upstream_timeout_s",
            provider=target.provider,
        )
    if isinstance(error, aiohttp.ClientConnectorError):
        return UpstreamError(
            f"{where} cannot be reached: {error.os_error}; check the network and the "
            "provider's URL",
            provider=target.provider,
        )
    if isinstance(error, (aiohttp.ServerDisconnectedError, OSError)):
        return UpstreamError(
            f"{where} closed the connection without an answer; try again",
            provider=target.provider,
        )
    return UpstreamError(
        f"{where} did not answer in HTTP ({type(error).__name__}); check the provider's URL",
        provider=target.provider,
        retryable=False,
    )


def _broken(error: Exception, target: Target) -> UpstreamError:
    if isinstance(error, TimeoutError):
        return UpstreamTimeout(
            f"{target.provider} stopped in the middle of its answer", provider=target.provider
        )
    return UpstreamError(
        f"{target.provider} broke off in the middle of its answer", provider=target.provider
    )
