"""The HTTP/1.1 server protocol with what uvicorn leaves out: limits and an early farewell.

uvicorn reads heads of any size, waits for them without end, accepts a hundred thousand fields and
tells an application that its client left only when asked. Its class is semi-internal, so uvicorn's
minor version is pinned and `tests/proxy/test_http_protocol.py` holds what we rely on.
"""

from __future__ import annotations

import asyncio
from asyncio import TimerHandle
from typing import Any
from urllib.parse import unquote

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from tokenpak import protocol
from tokenpak.proxy.answers import TIP_FIELDS, generic_body
from tokenpak.proxy.cycle import Cycle

MAX_HEAD_BYTES = 64 << 10
MAX_URL_BYTES = 16 << 10
MAX_FIELDS = 128
HEAD_TIMEOUT_S = 10.0
# How long a refused client may go on sending: closing at once would reset the connection before
# it has read our answer.
_LINGER_S = 2.0

NAMES = "tokenpak.names"
"""Key of the scope: the names of the header fields as the client spelled them."""
WHOLE = "tokenpak.whole"
"""Key of the scope: true once the whole body has come, so that taking it cannot wait."""


class ClientProtocol(HttpToolsProtocol):
    """One client connection."""

    cycle: Cycle

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._task: asyncio.Task[None] | None = None
        self._timer: TimerHandle | None = None
        self._names: list[bytes] = []
        self._head_bytes = 0
        self._in_head = False
        self._refusal: tuple[int, str] | None = None
        self._lingering = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._timer = self.loop.call_later(HEAD_TIMEOUT_S, self._head_late)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_timer()
        # The upstream request ends with its client, whatever the handler waits for.
        if self._task is not None and not self.cycle.response_complete:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        if self._lingering:
            return
        self._unset_keepalive_if_required()
        continued = self._in_head
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # The application answers it as a plain request; what follows is not HTTP.
            self.cycle.keep_alive = False
            return
        except httptools.HttpParserError:
            status, message = self._refusal or (400, "the request is not valid HTTP/1.1")
            self._refuse(status, message)
            return
        if self._in_head and continued:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refuse(431, f"the request's head is larger than {MAX_HEAD_BYTES >> 10} KB")
                return
        self._watch_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._head_bytes = 0
        self._names = []
        self.scope[NAMES] = self._names  # type: ignore[literal-required]

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > MAX_URL_BYTES:
            self._stop(414, f"the request's URL is longer than {MAX_URL_BYTES >> 10} KB")

    def on_header(self, name: bytes, value: bytes) -> None:
        self._names.append(name)
        self._head_bytes += len(name) + len(value)
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        if len(self._names) > MAX_FIELDS:
            self._stop(431, f"the request has more than {MAX_FIELDS} header fields")
        if self._head_bytes > MAX_HEAD_BYTES:
            self._stop(431, f"the request's head is larger than {MAX_HEAD_BYTES >> 10} KB")
        self._in_head = False
        self._begin()

    def on_body(self, body: bytes) -> None:
        if not self.cycle.response_complete:
            self.cycle.take(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.scope[WHOLE] = True  # type: ignore[literal-required]
        # Paused for a request that came before its turn, the connection could not tell that its
        # client has left.
        self.flow.resume_reading()

    def _begin(self) -> None:
        """What uvicorn does at the end of a head, as far as it is configured here."""
        scope, parser = self.scope, self.parser
        version = parser.get_http_version()
        scope["http_version"] = version
        scope["method"] = parser.get_method().decode("ascii")
        url = httptools.parse_url(self.url)
        path = url.path.decode("ascii")
        scope["path"] = unquote(path) if "%" in path else path
        scope["raw_path"] = url.path
        scope["query_string"] = url.query or b""
        before = self.cycle
        self.cycle = Cycle(
            scope=scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=version != "1.0" and parser.should_keep_alive(),
            on_response=self.on_response_complete,
        )
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        task = self.loop.create_task(cycle.run_asgi(app))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)
        self._task = task

    def _watch_head(self) -> None:
        if self._in_head or self.cycle is None or self.cycle.response_complete:
            if self._timer is None:
                self._timer = self.loop.call_later(HEAD_TIMEOUT_S, self._head_late)
        elif self._timer is not None:
            self._stop_timer()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _head_late(self) -> None:
        self._timer = None
        if self.cycle is not None and not self.cycle.response_complete:
            return
        if self._in_head:
            self._refuse(408, f"the request's head did not come within {HEAD_TIMEOUT_S:g} s")
        else:
            self.transport.close()

    def _stop(self, status: int, message: str) -> None:
        self._refusal = (status, message)
        raise ValueError(message)  # ends the parser's run; answered in data_received

    def _refuse(self, status: int, message: str) -> None:
        """Answer without the application, which has not seen a whole request, and hang up."""
        self._stop_timer()
        if self.cycle is not None and not self.cycle.response_complete:
            if self.cycle.response_started:
                self.transport.close()
                return
            # It waits for the rest of a body that cannot be read any more.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        body = generic_body(protocol.REFUSED, message)
        fields = (
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
            *TIP_FIELDS,
        )
        head = b"".join(b"%b: %b\r\n" % field for field in fields)
        self.transport.write(b"%b%b\r\n%b" % (STATUS_LINE[status], head, body))
        self._lingering = True
        if self.transport.can_write_eof():
            self.transport.write_eof()
            self._timer = self.loop.call_later(_LINGER_S, self.transport.close)
        else:
            self.transport.close()
