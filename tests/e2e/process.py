"""`tokenpak serve` as a user runs it: a process of its own, with a home of its own."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tests import serving
from tests.serving import TIMEOUT_S
from tokenpak import settings

_LISTENS = re.compile(rb"TokenPak listens on http://(127\.0\.0\.1):(\d+) ")
_PROVIDERS = ("anthropic_url", "openai_url", "google_url", "ollama_url")


@dataclass
class Running(serving.Proxy):
    """A proxy process; its telemetry is complete once it is stopped."""

    process: subprocess.Popen[bytes]
    home: Path
    output: list[bytes] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    """Set when the process and all that it started are gone."""

    def stop(self) -> str:
        """End it as Ctrl-C does; gives what it has said."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(TIMEOUT_S) == 0, self.said
        return self.said

    @property
    def said(self) -> str:
        return b"".join(self.output).decode()

    def health(self) -> dict[str, Any]:
        head, body = self.request("/healthz", method="GET")
        assert head.startswith(b"HTTP/1.1 200"), head
        return json.loads(body)

    def rows(self) -> list[dict[str, Any]]:
        """What telemetry holds, oldest first."""
        with closing(sqlite3.connect(self.home / "telemetry.db")) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(each) for each in connection.execute("SELECT * FROM requests ORDER BY id")]


@contextmanager
def serve(
    home: Path, provider_url: str, *arguments: str, within: Sequence[str] = (), **values: object
) -> Iterator[Running]:
    """A proxy on a free port in front of *provider_url*, with *values* as its settings.

    *within* is a command that the proxy is started by.
    """
    with popen(home, provider_url, *arguments, within=within, **values) as process:
        said: list[bytes] = []
        ready, ended = threading.Event(), threading.Event()
        reading = (process.stdout, said, ready, ended)
        reader = threading.Thread(target=_read, args=reading, daemon=True)
        reader.start()
        try:
            assert ready.wait(TIMEOUT_S), "the proxy says nothing"
            found = _LISTENS.search(b"".join(said))
            assert found, b"".join(said).decode()
            yield Running(found[1].decode(), int(found[2]), process, home, said, ended)
        finally:
            end(process)
            reader.join(TIMEOUT_S)


@contextmanager
def popen(
    home: Path, provider_url: str, *arguments: str, within: Sequence[str] = (), **values: object
) -> Iterator[subprocess.Popen[bytes]]:
    """The process alone; whoever starts it sees to its end."""
    urls = dict.fromkeys(_PROVIDERS, provider_url)
    with subprocess.Popen(
        [*within, sys.executable, "-m", "tokenpak", "serve", *arguments],
        env=settings.child_environment(**{"home": home, "port": 0, **urls, **values}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        yield process


def end(process: subprocess.Popen[bytes]) -> None:
    """See to it that the process is gone; by a signal first, as workers outlive a killed parent."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _read(
    output: IO[bytes], said: list[bytes], ready: threading.Event, ended: threading.Event
) -> None:
    for line in output:
        said.append(line)
        if _LISTENS.search(line):
            ready.set()
    ended.set()
    ready.set()  # whoever waits reads what it said
