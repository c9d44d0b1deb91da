"""Running a command with its output filtered as it comes, and its exit code kept."""

from __future__ import annotations

import codecs
import os
import queue
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tokenpak.engines.rtk.alarms import speaks_of_failure
from tokenpak.engines.rtk.catalog import Catalog
from tokenpak.engines.rtk.config import DEFAULT, RtkConfig
from tokenpak.engines.rtk.filtering import AGAIN
from tokenpak.engines.rtk.stream import Show, Stream
from tokenpak.errors import StoreError
from tokenpak.recovery import RecoveryStore

_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 8.0
"""How long a line may wait to be shown; longer each time, as larger pieces are told shorter."""
_IDLE_S = 0.3
"""How long an output is waited for once the command has ended, but something holds it open."""
_PIECE_CHARS = 4 << 20
_READ_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Runner:
    """How commands are run: *store* None means that no raw output is kept."""

    catalog: Catalog
    store: RecoveryStore | None
    show: Show
    config: RtkConfig = DEFAULT
    clock: Callable[[], float] = time.monotonic
    whole: bool = False
    """Whether the output is shown in one piece, when the command has ended."""

    def run(self, words: Sequence[str]) -> int:
        """Run *words* and show what they print; gives their exit code, 128 + n for signal n.

        Output and errors come in the order in which they were printed. 127 if there is no such
        program, 126 if it cannot be run.
        """
        try:
            child = subprocess.Popen(
                list(words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0
            )
        except FileNotFoundError:
            self.show(f"{words[0]}: command not found\n")
            return 127
        except OSError as error:
            self.show(f"{words[0]}: cannot be run: {error.strerror}\n")
            return 126
        stream = Stream(shlex.join(words), self.catalog, self.config, self.show)
        with _signals_to(child):
            raw = _Raw(self.config.raw_output_max_bytes if self.store else 0)
            self._pump(child, stream, raw)
            code = child.wait()
            stream.end(lambda: self._kept(raw, code))
            if stream.changed and not stream.dropped:
                self._kept(raw, code)
        return 128 - code if code < 0 else code

    def _pump(self, child: subprocess.Popen[bytes], stream: Stream, raw: _Raw) -> None:
        """Read until the output ends; show what waited long enough."""
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        arrived = _reading(child)
        wait, since = _FIRST_WAIT_S, self.clock()
        while True:
            ended = child.poll() is not None
            try:
                data: bytes | None = arrived.get(timeout=_IDLE_S)
            except queue.Empty:
                data = b"" if ended else None
            if data is not None:
                text = decoder.decode(data, final=not data)
                if not stream.pending:
                    since = self.clock()
                stream.feed(text)
                raw.add(text)
                if not data:
                    return
            due = self.clock() - since >= wait or stream.pending > _PIECE_CHARS
            if due and stream.pending and not self.whole:
                stream.decide()
                wait, since = min(2 * wait, _LONGEST_WAIT_S), self.clock()

    def _kept(self, raw: _Raw, code: int) -> str:
        """Keep the raw output, if the settings say so; where it can be read."""
        text = raw.text
        retention = self.config.raw_output_retention
        wanted = retention == "always" or (
            retention == "failures" and text is not None and (code or speaks_of_failure(text))
        )
        if self.store is None or text is None or not wanted:
            return AGAIN
        try:
            return f"whole text in {self.store.put(text)}"
        except StoreError as error:
            return f"{AGAIN} ({error})"


def _reading(child: subprocess.Popen[bytes]) -> queue.SimpleQueue[bytes]:
    """What *child* prints, as it comes; empty bytes at the end.

    Read by a thread, as something that the command left running may hold the output open.
    """
    arrived: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    assert child.stdout is not None
    output = child.stdout

    def read() -> None:
        with output:
            while data := os.read(output.fileno(), _READ_BYTES):
                arrived.put(data)
        arrived.put(b"")

    threading.Thread(target=read, daemon=True).start()
    return arrived


class _Raw:
    """What was printed; nothing of it once it is larger than *max_bytes*."""

    def __init__(self, max_bytes: int) -> None:
        self._pieces: list[str] | None = []
        self._left = max_bytes

    def add(self, text: str) -> None:
        self._left -= len(text.encode("utf-8", "surrogateescape"))
        if self._left < 0:
            self._pieces = None
        elif self._pieces is not None:
            self._pieces.append(text)

    @property
    def text(self) -> str | None:
        return None if self._pieces is None else "".join(self._pieces)


@contextmanager
def _signals_to(child: subprocess.Popen[bytes]) -> Iterator[None]:
    """Let *child* have the signals that are meant for it, and end before we do."""

    def forward(number: int, _: object) -> None:
        # The terminal sends Ctrl-C to the whole group: the child has it already.
        if number != signal.SIGINT or not _in_foreground():
            with suppress(OSError):
                child.send_signal(number)

    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
    known = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = [signal.signal(number, forward) for number in known]
    try:
        yield
    finally:
        for number, handler in zip(known, before, strict=True):
            signal.signal(number, handler)


def _in_foreground() -> bool:
    """Whether a terminal's keys go to our group of processes."""
    if not hasattr(os, "tcgetpgrp"):
        return True
    try:
        with open("/dev/tty", "rb", buffering=0) as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False
