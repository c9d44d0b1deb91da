"""One exchange with a client: uvicorn's, with fewer system calls and copies.

Head and body of an answer leave together: a write of its own wakes the client. What comes of a
body is handed on as it is, without pausing the connection for each piece: our application takes
all there is whenever the loop turns.
"""

from __future__ import annotations

import asyncio
import re
from functools import partial
from typing import Any

from uvicorn._types import (
    ASGI3Application,
    ASGIReceiveEvent,
    ASGISendEvent,
    HTTPResponseStartEvent,
)
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from tokenpak.proxy.answers import Receive, Scope, Send

_NOT_IN_A_NAME = re.compile(rb"[^!#$%&'*+.^_`|~0-9A-Za-z-]")
_NOT_IN_A_VALUE = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_BODILESS = frozenset((204, 304))


class Cycle(RequestResponseCycle):
    """Holds a head back until its body comes, but never beyond what the loop does now."""

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self._held = b""
        self._came: list[bytes] = []

    def take(self, chunk: bytes) -> None:
        """Take a piece of the request's body."""
        self._came.append(chunk)
        self.message_event.set()

    async def receive(self) -> ASGIReceiveEvent:
        """What has come of the body since the last call; waits for something."""
        if self.waiting_for_100_continue and not self.transport.is_closing():
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.waiting_for_100_continue = False
        if not self.disconnected and not self.response_complete:
            await self.message_event.wait()
            self.message_event.clear()
        if self.disconnected or self.response_complete:
            return {"type": "http.disconnect"}
        came, self._came = self._came, []
        body = came[0] if len(came) == 1 else b"".join(came)
        return {"type": "http.request", "body": body, "more_body": self.more_body}

    async def run_asgi(self, app: ASGI3Application) -> None:
        """Run *app*, whose failure closes the connection behind what it has sent."""
        await super().run_asgi(partial(self._run, app))

    async def send(self, message: ASGISendEvent) -> None:
        """Write *message*, in the order that ASGI asks for.

        Raises RuntimeError if that is not kept, a field is not valid, or the body is not as long
        as the head said.
        """
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        if message["type"] == "http.response.start" and not self.response_started:
            self.response_started = True
            self.waiting_for_100_continue = False
            self._held = self._head(message)
            asyncio.get_running_loop().call_soon(self._flush)
        elif message["type"] == "http.response.body" and self.response_started:
            if self.response_complete:
                raise RuntimeError("the answer is complete, and more of its body came")
            self._body(message.get("body", b""), more=message.get("more_body", False))
        else:
            raise RuntimeError(f"{message['type']} is out of turn")

    async def _run(self, app: ASGI3Application, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)  # type: ignore[arg-type]  # uvicorn's own types
        finally:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, b""
            self.transport.write(held)

    def _head(self, message: HTTPResponseStartEvent) -> bytes:
        status = message["status"]
        fields = [*self.default_headers, *message.get("headers", ())]
        if _NOT_IN_A_NAME.search(b"".join([name for name, _ in fields])):
            raise RuntimeError("a header field of the answer has no valid name")
        if _NOT_IN_A_VALUE.search(b"".join([value for _, value in fields])):
            raise RuntimeError("a header field of the answer has no valid value")
        lines = [STATUS_LINE[status]]
        closes = False
        for name, value in fields:
            name = name.lower()
            if name == b"content-length" and self.chunked_encoding is None:
                self.expected_content_length = int(value)
                self.chunked_encoding = False
            elif name == b"transfer-encoding" and value.lower() == b"chunked":
                self.expected_content_length = 0
                self.chunked_encoding = True
            elif name == b"connection" and value.lower() == b"close":
                self.keep_alive = False
                closes = True
            lines.append(b"%b: %b\r\n" % (name, value))
        if not self.keep_alive and not closes:
            lines.append(b"connection: close\r\n")
        if self.chunked_encoding is None and self._has_body(status):
            self.chunked_encoding = True
            lines.append(b"transfer-encoding: chunked\r\n")
        lines.append(b"\r\n")
        return b"".join(lines)

    def _has_body(self, status: int) -> bool:
        return self.scope["method"] != "HEAD" and status not in _BODILESS

    def _body(self, body: bytes, *, more: bool) -> None:
        if self.scope["method"] == "HEAD":
            self.expected_content_length, body = 0, b""
        elif self.chunked_encoding:
            body = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            if not more:
                body += b"0\r\n\r\n"
        elif len(body) > self.expected_content_length:
            raise RuntimeError("the body is longer than its head said")
        else:
            self.expected_content_length -= len(body)
        if data := self._held + body:
            self._held = b""
            self.transport.write(data)
        if more:
            return
        if self.expected_content_length:
            raise RuntimeError("the body is shorter than its head said")
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()
