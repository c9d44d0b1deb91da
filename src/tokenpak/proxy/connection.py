"""One HTTP/1.1 connection to a provider: bytes of a request out, the pieces of its answer in.

Written for what a proxy needs and general clients lack: fields stay the bytes they were, an
answer is handed on as it arrives, and what came before a reset is delivered before the reset.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import httptools

from tokenpak.proxy.fields import Header

# Read ahead of a slow client until this much waits, and again once it has taken it.
_HIGH_WATER_BYTES = 256 << 10
_MAX_HEAD_BYTES = 256 << 10
_HEAD_TOO_LARGE = f"its head is larger than {_MAX_HEAD_BYTES >> 10} KB"


class NotHttp(Exception):
    """What came is no HTTP/1.1 answer."""


class Answer:
    """A provider's answer, filled by its connection, emptied by the handler."""

    __slots__ = (
        "_chunks",
        "_connection",
        "_error",
        "_size",
        "_waiter",
        "complete",
        "fields",
        "head_complete",
        "status",
    )

    def __init__(self, connection: Connection) -> None:
        self.status = 0
        self.fields: list[Header] = []
        self.head_complete = False
        self.complete = False
        self._connection = connection
        self._chunks: list[bytes] = []
        self._size = 0
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None

    @property
    def finished(self) -> bool:
        """Whether the whole body has been read."""
        return self.complete and not self._chunks

    async def head(self) -> None:
        """Wait for status and fields. Raises what ended the connection before."""
        while not self.head_complete:
            await self._wait()

    async def read(self) -> bytes:
        """What has arrived of the body; waits for something, empty only at the end.

        Raises OSError, TimeoutError or NotHttp if the rest does not come.
        """
        while not self._chunks:
            if self.complete:
                return b""
            await self._wait()
        chunks = self._chunks
        data = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        self._chunks = []
        if self._size > _HIGH_WATER_BYTES:
            self._connection.resume(self)
        self._size = 0
        return data

    def close(self) -> None:
        """Let go of the connection; one whose answer is unfinished is closed."""
        if not self.complete:
            self._connection.abort()

    def feed(self, chunk: bytes) -> bool:
        """Take a piece of the body; False asks to wait with more."""
        self._chunks.append(chunk)
        self._size += len(chunk)
        self.wake()
        return self._size <= _HIGH_WATER_BYTES

    def fail(self, error: Exception) -> None:
        """Nothing more will come. What has come can still be read."""
        self._error = error
        self.wake()

    def wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def _wait(self) -> None:
        if self._error is not None:
            raise self._error
        self._waiter = self._connection.loop.create_future()
        await self._waiter


class Connection(asyncio.Protocol):
    """Carries one exchange after another; *released* is called whenever it is free again."""

    def __init__(self, released: Callable[[Connection], None], timeout_s: float) -> None:
        self.loop = asyncio.get_running_loop()
        self.idle_since = 0.0
        self.used = False
        """Whether it has carried an exchange before: its peer may be closing it just now."""
        self.heard = False
        """Whether anything came since the last request was sent."""
        self._released = released
        self._timeout_s = timeout_s
        self._parser = httptools.HttpResponseParser(self)
        # Tolerated by every client; nothing can be smuggled past the one reader of an answer.
        self._parser.set_dangerous_leniencies(
            lenient_optional_cr_before_lf=True, lenient_spaces_after_chunk_size=True
        )
        self._transport: asyncio.Transport | None = None
        self._answer: Answer | None = None
        self._method = b""
        self._head_bytes = 0
        self._headless_bytes = 0
        """What has come without making a head whole."""
        self._until_close = False
        self._last_read = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def ask(self, method: bytes, head: bytes, body: bytes | None) -> Answer:
        """Send a request; its answer fills as it comes."""
        answer = Answer(self)
        if self._transport is None:
            answer.fail(ConnectionResetError("closed"))
            return answer
        self._answer = answer
        self._method = method
        self.heard = False
        self._head_bytes = self._headless_bytes = 0
        self._until_close = False
        if body:
            self._transport.writelines((head, body))
        else:
            self._transport.write(head)
        self._last_read = self.loop.time()
        self._timer = self.loop.call_later(self._timeout_s, self._check_silence)
        return answer

    def resume(self, answer: Answer) -> None:
        """Go on reading for *answer*, whose reader has caught up."""
        if answer is self._answer and self._transport is not None:
            self._last_read = self.loop.time()
            self._transport.resume_reading()

    def abort(self) -> None:
        """Close at once, with whatever has not been sent yet."""
        self._stop_timer()
        self._answer = None
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        answer, self._answer = self._answer, None
        self._stop_timer()
        if answer is None or answer.complete:
            return
        if answer.head_complete and self._until_close and exc is None:
            answer.complete = True
            answer.wake()
        else:
            answer.fail(exc if isinstance(exc, OSError) else ConnectionResetError("closed"))

    def data_received(self, data: bytes) -> None:
        if self._answer is None:
            self.abort()  # nobody asked
            return
        self._last_read = self.loop.time()
        self.heard = True
        answer = self._answer
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            # Of what a callback of ours raised, the parser only says that one did.
            self._give_up(NotHttp(str(error.__context__ or error)))
            return
        if not answer.head_complete:
            # The parser keeps a field until it is whole, so an endless one is seen here alone.
            self._headless_bytes += len(data)
            if self._headless_bytes > _MAX_HEAD_BYTES:
                self._give_up(NotHttp(_HEAD_TOO_LARGE))

    def on_message_begin(self) -> None:
        if self._answer is None:
            # Bytes behind an answer would be taken for the next one, which is another client's.
            raise ValueError("more than one answer")

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head_bytes += len(name) + len(value)
        if self._answer is not None:
            self._answer.fields.append((name, value))

    def on_headers_complete(self) -> None:
        answer = self._answer
        status = self._parser.get_status_code()
        if self._head_bytes > _MAX_HEAD_BYTES:
            raise ValueError(_HEAD_TOO_LARGE)
        if not 100 <= status <= 599 or status == 101:
            raise ValueError(f"its status is {status}")
        if answer is None or status < 200:
            return
        answer.status = status
        answer.head_complete = True
        names = {name.lower() for name, _ in answer.fields}
        framed = b"content-length" in names or b"transfer-encoding" in names
        self._until_close = not framed and status not in (204, 304)
        if self._method == b"HEAD":
            # The parser waits for the body which this head describes.
            self._complete(reusable=not framed and not self._until_close)
        else:
            answer.wake()

    def on_body(self, body: bytes) -> None:
        answer, transport = self._answer, self._transport
        if answer is not None and not answer.feed(body) and transport is not None:
            transport.pause_reading()

    def on_message_complete(self) -> None:
        if self._answer is None:
            return
        if self._answer.head_complete:
            self._complete(reusable=self._parser.should_keep_alive())
        else:
            self._answer.fields.clear()  # 100 Continue, 103 Early Hints: the answer follows

    def _complete(self, *, reusable: bool) -> None:
        answer, transport = self._answer, self._transport
        self._answer = None
        self._stop_timer()
        if answer is not None:
            answer.complete = True
            answer.wake()
        if transport is None:
            return
        if reusable and not transport.get_write_buffer_size():
            transport.resume_reading()
            self.used = True
            self.idle_since = self.loop.time()
            self._released(self)
        else:
            transport.abort()

    def _check_silence(self) -> None:
        answer, transport = self._answer, self._transport
        if answer is None or transport is None:
            return
        wait_s = self._last_read + self._timeout_s - self.loop.time()
        if wait_s <= 0 and transport.is_reading():
            self._give_up(TimeoutError())
        else:
            # Bytes came, or the client is the one who is slow.
            later_s = wait_s if wait_s > 0 else self._timeout_s
            self._timer = self.loop.call_later(later_s, self._check_silence)

    def _give_up(self, error: Exception) -> None:
        answer = self._answer
        self.abort()
        if answer is not None:
            answer.fail(error)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
