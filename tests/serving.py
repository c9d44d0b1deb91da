"""A running proxy and a scripted provider on loopback, for tests that need real sockets.

Both run in threads, so that a test is plain blocking code. No timing is involved: who waits,
waits for the other side.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import uvicorn

from tokenpak import server
from tokenpak.compression.body import Compressor
from tokenpak.settings import Settings
from tokenpak.telemetry.collector import Recorder

TIMEOUT_S = 20.0
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


class Wire:
    """One end of a connection, read message by message."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.sock.settimeout(TIMEOUT_S)
        self._buffer = b""

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def read_until(self, mark: bytes) -> bytes:
        """Everything up to and including *mark*; EOFError if the peer closes before."""
        while mark not in self._buffer:
            self._more()
        found, _, self._buffer = self._buffer.partition(mark)
        return found + mark

    def read_exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._more()
        found, self._buffer = self._buffer[:size], self._buffer[size:]
        return found

    def read_to_end(self) -> bytes:
        """Everything until the peer closes, be it by FIN or by reset; closes this end too."""
        with suppress(EOFError, ConnectionError):
            while True:
                self._more()
        self.sock.close()
        found, self._buffer = self._buffer, b""
        return found

    def read_chunk(self) -> bytes:
        """One chunk of a chunked body; empty for the last."""
        size = int(self.read_until(b"\r\n"), 16)
        return self.read_exactly(size + 2)[:-2]

    def read_message(self) -> tuple[bytes, bytes]:
        """Head and body of one message, the body without its chunk frames."""
        head = self.read_until(b"\r\n\r\n")
        fields = head_fields(head)
        if fields.get(b"transfer-encoding") == b"chunked":
            chunks = []
            while chunk := self.read_chunk():
                chunks.append(chunk)
            return head, b"".join(chunks)
        return head, self.read_exactly(int(fields.get(b"content-length", b"0")))

    def wait_until_closed(self) -> None:
        """Return when the peer is gone."""
        self.read_to_end()

    def reset(self) -> None:
        """Close so that the peer sees a reset, not an end."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def close(self) -> None:
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    def _more(self) -> None:
        data = self.sock.recv(1 << 16)
        if not data:
            raise EOFError(self._buffer)
        self._buffer += data


def head_fields(head: bytes) -> dict[bytes, bytes]:
    """The header fields of *head* by lower-case name, the last of each."""
    lines = head.split(b"\r\n")[1:-2]
    pairs = (line.partition(b":") for line in lines)
    return {name.lower(): value.strip() for name, _, value in pairs}


@dataclass
class Exchange:
    """One request as the provider received it, and the connection to answer on."""

    head: bytes
    body: bytes
    wire: Wire

    @property
    def fields(self) -> dict[bytes, bytes]:
        return head_fields(self.head)

    @property
    def line(self) -> str:
        return self.head.split(b"\r\n")[0].decode()


Script = Callable[[Exchange], None]


def answer_ok(exchange: Exchange) -> None:
    exchange.wire.send(OK)


@dataclass
class Provider:
    """A provider that does what *script* says, and remembers what it got."""

    script: Script = answer_ok
    requests: list[Exchange] = field(default_factory=list)
    connections: int = 0
    failures: list[BaseException] = field(default_factory=list)
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _wires: list[Wire] = field(default_factory=list)

    @property
    def url(self) -> str:
        host, port = self._listener.getsockname()
        return f"http://{host}:{port}"

    def start(self) -> None:
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for wire in self._wires:
            wire.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self.connections += 1
                wire = Wire(sock)
                self._wires.append(wire)
                threading.Thread(target=self._serve, args=(wire,), daemon=True).start()

    def _serve(self, wire: Wire) -> None:
        try:
            while True:
                try:
                    exchange = Exchange(*wire.read_message(), wire)
                except (EOFError, OSError):
                    wire.close()  # silent for too long: who writes on it must notice
                    return
                self.requests.append(exchange)
                self.script(exchange)
        except BaseException as error:
            self.failures.append(error)


@contextmanager
def provider(script: Script = answer_ok) -> Iterator[Provider]:
    """A running provider; an exception in its script fails the test."""
    running = Provider(script)
    running.start()
    try:
        yield running
    finally:
        running.stop()
    assert not running.failures, running.failures


@dataclass
class Proxy:
    """A running proxy."""

    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def connect(self) -> Wire:
        return Wire(socket.create_connection((self.host, self.port), TIMEOUT_S))

    def request(
        self, target: str, body: bytes = b"", *, method: str = "POST", fields: str = ""
    ) -> tuple[bytes, bytes]:
        """Head and body of the answer to one request on a connection of its own."""
        wire = self.connect()
        try:
            wire.send(self.head(target, method, fields, body) + body)
            return wire.read_message()
        finally:
            wire.close()

    def head(self, target: str, method: str = "POST", fields: str = "", body: bytes = b"") -> bytes:
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        return (
            f"{method} {target} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n{length}{fields}\r\n"
        ).encode("latin-1")


@contextmanager
def proxy(
    settings: Settings,
    *,
    compressor: Compressor | None = None,
    recorder: Recorder | None = None,
) -> Iterator[Proxy]:
    """A proxy on a free port of 127.0.0.1; *settings* say where the providers are."""
    factory = partial(server.create_app, settings, compressor=compressor, recorder=recorder)
    running = uvicorn.Server(server.configure(settings, factory))
    with server.bind(settings) as listener:
        host, port = listener.getsockname()[:2]
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield Proxy(host, port)
        finally:
            running.should_exit = True
            thread.join(TIMEOUT_S)


def settings_for(home: Path, upstream: Provider | None = None, **values: object) -> Settings:
    """Settings whose providers are all *upstream*, on a free port, without telemetry."""
    names = ("anthropic_url", "openai_url", "google_url", "ollama_url")
    urls = dict.fromkeys(names, upstream.url) if upstream else {}
    given = {"host": "127.0.0.1", "port": 0, "telemetry": False, **urls, **values}
    return Settings(home=home, **given)  # type: ignore[arg-type]
