"""A provider that answers at once, for timing what stands in front of it.

    python benchmarks/mock_upstream.py      prints its port, serves until its standard input ends

It reads heads and skips bodies by their Content-Length. A path that ends in `sse` is answered by a
stream, every other one by a small JSON message.
"""

from __future__ import annotations

import asyncio
import json
import sys

USAGE = {"input_tokens": 10, "output_tokens": 1, "cache_read_input_tokens": 5}
MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-4-5",
    "content": [{"type": "text", "text": "ok"}],
    "stop_reason": "end_turn",
    "usage": USAGE,
}
EVENTS = 20
SSE_PAUSE_S = 0.002


def _fixed() -> bytes:
    body = json.dumps(MESSAGE).encode()
    head = (
        f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _chunk(event: dict[str, object]) -> bytes:
    data = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
    return b"%x\r\n%b\r\n" % (len(data), data)


FIXED = _fixed()
SSE_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    + _chunk({"type": "message_start", "message": {**MESSAGE, "content": []}})
)
SSE_DELTA = _chunk(
    {
        "type": "content_block_delta",
        "index": 0,
        "delta": {"type": "text_delta", "text": "a few words of the answer "},
    }
)
SSE_END = _chunk({"type": "message_stop"}) + b"0\r\n\r\n"


class Upstream(asyncio.Protocol):
    """One connection: one request at a time."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        self._head = b""
        self._left = 0
        self._stream = False

    def data_received(self, data: bytes) -> None:
        if self._left:
            self._skip(len(data))
            return
        self._head += data
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            return
        head, rest = self._head[:end], len(self._head) - end - 4
        self._head = b""
        self._stream = head.split(b" ", 2)[1].endswith(b"sse")
        at = head.lower().find(b"content-length:")
        self._left = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        self._skip(rest)

    def _skip(self, size: int) -> None:
        self._left -= size
        if self._left > 0:
            return
        self._left = 0
        if self._stream:
            self._transport.write(SSE_HEAD)
            asyncio.get_running_loop().call_later(SSE_PAUSE_S, self._next, EVENTS)
        else:
            self._transport.write(FIXED)

    def _next(self, left: int) -> None:
        if not left:
            self._transport.write(SSE_END)
            return
        self._transport.write(SSE_DELTA)
        asyncio.get_running_loop().call_later(SSE_PAUSE_S, self._next, left - 1)


async def serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Upstream, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    try:
        import uvloop
    except ImportError:
        asyncio.run(serve())
    else:
        uvloop.run(serve())
