"""Streams cut into events: server-sent events and JSON lines, whatever the borders of chunks."""

from __future__ import annotations

MAX_EVENT_BYTES = 1 << 20
"""A longer event is skipped, not stored: no event with usage comes near it."""


class LineSplitter:
    """Non-empty lines of a stream; a line ends with LF, CRLF or CR."""

    def __init__(self, max_bytes: int = MAX_EVENT_BYTES) -> None:
        self._lines = _Lines(max_bytes)

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that *chunk* completes."""
        return [line for line in self._lines.feed(chunk) if line]


class EventSplitter:
    """Data of server-sent events.

    https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
    """

    def __init__(self, max_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max_bytes = max_bytes
        self._lines = _Lines(max_bytes)
        self._data: list[bytes] = []
        self._size = 0
        self._skipping = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """The data of each event that *chunk* completes; several data lines are joined by LF."""
        events = []
        for line in self._lines.feed(chunk):
            if line is None:
                self._skip()
            elif line == b"":
                if self._data:
                    events.append(b"\n".join(self._data))
                self._start()
            elif line.startswith(b"data") and not self._skipping:
                self._add(line)
        return events

    def _add(self, line: bytes) -> None:
        name, _, data = line.partition(b":")
        if name != b"data":
            return
        data = data.removeprefix(b" ")
        self._size += len(data) + 1
        if self._size > self._max_bytes:
            self._skip()
        else:
            self._data.append(data)

    def _skip(self) -> None:
        self._data.clear()
        self._skipping = True

    def _start(self) -> None:
        self._data.clear()
        self._size = 0
        self._skipping = False


class _Lines:
    """Complete lines without their ends; None stands for a line that is too long."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._rest = bytearray()
        self._overlong = False
        self._after_cr = False
        self._started = False

    def feed(self, chunk: bytes) -> list[bytes | None]:
        if not chunk:
            return []
        if self._after_cr and chunk[0] == 0x0A:
            chunk = chunk[1:]
        self._after_cr = chunk.endswith(b"\r")
        lines: list[bytes | None] = []
        for piece in chunk.splitlines(keepends=True):
            line = piece.rstrip(b"\r\n")
            self._keep(line)
            if len(line) < len(piece):
                lines.append(self._finish())
        return lines

    def _keep(self, piece: bytes) -> None:
        if len(self._rest) + len(piece) > self._max_bytes:
            self._rest.clear()
            self._overlong = True
        elif not self._overlong:
            self._rest += piece

    def _finish(self) -> bytes | None:
        line = None if self._overlong else bytes(self._rest)
        self._rest.clear()
        self._overlong = False
        if not self._started:
            self._started = True
            if line is not None:
                line = line.removeprefix(b"\xef\xbb\xbf")
        return line
