"""Stand-ins for what the handler talks to: no sockets, no files, no threads."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from tokenpak.compression.body import Compressor, PackedBody
from tokenpak.errors import UpstreamError
from tokenpak.flow import Flow
from tokenpak.providers.catalog import Target
from tokenpak.proxy.answers import Message, Scope
from tokenpak.proxy.fields import Header
from tokenpak.proxy.upstream import Response, Upstream
from tokenpak.settings import Settings
from tokenpak.telemetry.collector import Recorder
from tokenpak.wire.adapter import Adapter


class FakeResponse:
    """An answer of *chunks*, after which *error* strikes, if there is one."""

    def __init__(
        self,
        chunks: Sequence[bytes],
        error: UpstreamError | None = None,
        *,
        status: int = 200,
        fields: Sequence[Header] = (),
    ) -> None:
        self.status = status
        self.fields: Sequence[Header] = fields
        self.closed = False
        self._chunks = list(chunks)
        self._error = error

    @property
    def finished(self) -> bool:
        return not self._chunks and self._error is None

    async def read(self) -> bytes:
        if not self._chunks and self._error is not None:
            raise self._error
        return self._chunks.pop(0) if self._chunks else b""

    def close(self) -> None:
        self.closed = True


@dataclass
class Sent:
    """One request as it was handed to the upstream."""

    method: str
    target: Target
    fields: Sequence[Header]
    body: bytes | None


class FakeUpstream(Upstream):
    """Answers with *answer*, raises it, or waits for ever if there is none."""

    def __init__(self, answer: FakeResponse | Exception | None) -> None:
        super().__init__(Settings())
        self.sent: list[Sent] = []
        self.waiting = asyncio.Event()
        self._given = answer

    async def send(
        self, method: str, target: Target, fields: Sequence[Header], body: bytes | None
    ) -> Response:
        self.sent.append(Sent(method, target, fields, body))
        if isinstance(self._given, Exception):
            raise self._given
        if self._given is None:
            self.waiting.set()
            await asyncio.Event().wait()
            raise AssertionError("nobody sets the event")
        return self._given


class FakeRecorder(Recorder):
    """Keeps the flows."""

    def __init__(self) -> None:
        self.flows: list[Flow] = []
        self.error = None
        self.dropped = 0

    def record(self, flow: Flow) -> None:
        self.flows.append(flow)


class FakeCompressor(Compressor):
    """Packs every body into *packed*, or raises it; leaves it as it is if there is neither."""

    def __init__(self, settings: Settings, packed: bytes | Exception | None = None) -> None:
        super().__init__(settings)
        self._given = packed

    def pack(
        self,
        adapter: Adapter,
        path: str,
        body: bytes,
        mode: str | None = None,
        *,
        local: bool = False,
        **further: object,
    ) -> PackedBody:
        if isinstance(self._given, Exception):
            raise self._given
        request = adapter.decode_request(body, path)
        if self._given is None:
            return PackedBody(body, request, "strict/pack", {}, 0.5)
        return PackedBody(self._given, request, "strict/pack", {"references": 40, "ansi": 2}, 0.5)


@dataclass
class Client:
    """The client's side of one request."""

    body: bytes = b""
    fields: Sequence[Header] = ()
    path: str = "/v1/messages"
    method: str = "POST"
    got: list[Message] = field(default_factory=list)

    @property
    def scope(self) -> Scope:
        length = [(b"content-length", b"%d" % len(self.body))] if self.body else []
        return {
            "type": "http",
            "method": self.method,
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": b"",
            "headers": [(b"host", b"localhost"), *length, *self.fields],
            "client": ("127.0.0.1", 5),
            "server": ("127.0.0.1", 8766),
        }

    async def receive(self) -> Message:
        return {"type": "http.request", "body": self.body, "more_body": False}

    async def send(self, message: Message) -> None:
        self.got.append(message)

    @property
    def status(self) -> int:
        status: int = self.got[0]["status"]
        return status

    @property
    def head(self) -> dict[bytes, bytes]:
        return dict(self.got[0]["headers"])

    @property
    def answer(self) -> bytes:
        return b"".join(each["body"] for each in self.got[1:])

    @property
    def complete(self) -> bool:
        return bool(self.got) and not self.got[-1].get("more_body", True)
