"""A small provider on loopback: speaks the Messages API, keeps a prompt cache, says "ok"."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from tokenpak.demo.cache import Block, PromptCache, blocks_of
from tokenpak.demo.refusals import refusal
from tokenpak.providers.promptcache import Charge


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request as it reached the provider; `charge` is None if it was `refused`."""

    blocks: list[Block]
    charge: Charge | None
    refused: str | None = None


class Provider:
    """A provider with a fresh prompt cache, running in a thread of its own while entered.

    `arrivals` holds every request in the order of arrival.
    """

    def __init__(self, count: Callable[[str], int]) -> None:
        self.arrivals: list[Arrival] = []
        self.origin = ""
        self._cache = PromptCache(count)
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="demo-provider", daemon=True)

    def __enter__(self) -> Provider:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._connection, "127.0.0.1", 0)
        )
        self.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await _read_body(reader, head)
                writer.write(self._answer(head.split(b" ", 1)[0], body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client is done with this connection
        finally:
            writer.close()

    def _answer(self, method: bytes, body: bytes) -> bytes:
        if method != b"POST":
            return _response(200, "application/json", [b"{}"])
        started = time.perf_counter()
        request = json.loads(body)
        wrong = refusal(request)
        if wrong:
            self.arrivals.append(Arrival([], None, wrong))
            error = {"type": "invalid_request_error", "message": wrong}
            return _response(
                400, "application/json", [json.dumps({"type": "error", "error": error}).encode()]
            )
        blocks = blocks_of(request)
        charge = self._cache.charge(blocks)
        self.arrivals.append(Arrival(blocks, charge))
        spent_ms = (time.perf_counter() - started) * 1000
        return _response(200, "text/event-stream", list(_events(request, charge)), spent_ms)


async def _read_body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
    if b"chunked" not in fields.get(b"transfer-encoding", b""):
        return await reader.readexactly(int(fields.get(b"content-length", b"0")))
    body = b""
    while size := int(await reader.readline(), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body


def _events(request: dict[str, Any], charge: Charge) -> Iterator[bytes]:
    """A streamed answer of one word, with the usage of *charge*."""
    usage = {
        "input_tokens": charge.rest,
        "cache_creation_input_tokens": charge.written,
        "cache_read_input_tokens": charge.read,
        "output_tokens": 1,
    }
    message: dict[str, Any] = {
        "id": "msg_demo",
        "type": "message",
        "role": "assistant",
        "model": request.get("model"),
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage,
    }
    text = {"type": "text_delta", "text": "ok"}
    for event in (
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": text},
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 1},
        },
        {"type": "message_stop"},
    ):
        yield f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()


def _response(status: int, content_type: str, chunks: list[bytes], spent_ms: float = 0.0) -> bytes:
    """A chunked response; *spent_ms* is the provider's own time, to be taken off when timing."""
    head = (
        f"HTTP/1.1 {status} {'OK' if status == 200 else 'Bad Request'}\r\n"
        f"content-type: {content_type}\r\n"
        f"server-timing: provider;dur={spent_ms:.3f}\r\n"
        "transfer-encoding: chunked\r\n\r\n"
    )
    framed = [b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in [*chunks, b""]]
    return head.encode() + b"".join(framed)
