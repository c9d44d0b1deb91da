"""The real proxy as a process of its own, with a home that lasts as long as it does."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tokenpak import settings
from tokenpak.errors import UpstreamError

START_S = 30.0
STOP_S = 10.0
_LISTENING = re.compile(rb"http://127\.0\.0\.1:(\d+)")


@dataclass(slots=True)
class Proxy:
    """A running proxy; `stop` ends it, after which its telemetry is complete."""

    origin: str
    home: Path
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def running_proxy(anthropic_url: str, **values: object) -> Iterator[Proxy]:
    """`tokenpak serve` in front of *anthropic_url*, with *values* as its settings.

    Raises UpstreamError with what the process said if it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="tokenpak-demo-") as folder:
        environment = settings.child_environment(
            home=folder, port=0, anthropic_url=anthropic_url, **values
        )
        process = subprocess.Popen(
            [sys.executable, "-m", "tokenpak", "serve"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            proxy = Proxy(_origin(process), Path(folder), process)
            yield proxy
        finally:
            if process.poll() is None:
                Proxy("", Path(folder), process).stop()


def _origin(process: subprocess.Popen[bytes]) -> str:
    """Where the process listens, as it says itself; its later output is read and dropped."""
    assert process.stdout is not None
    said: list[bytes] = []
    found = threading.Event()
    reader = threading.Thread(
        target=_listen, args=(process.stdout, said, found), name="demo-proxy-output", daemon=True
    )
    reader.start()
    found.wait(START_S)
    match = _LISTENING.search(b"".join(said))
    if match is None:
        raise UpstreamError(
            "the proxy did not start: " + b"".join(said).decode("utf-8", "replace").strip(),
            provider="demo",
        )
    return f"http://127.0.0.1:{int(match[1])}"


def _listen(output: IO[bytes], said: list[bytes], found: threading.Event) -> None:
    with output:
        for line in output:
            if not found.is_set():
                said.append(line)
                if _LISTENING.search(line):
                    found.set()
    found.set()  # it ended: whoever waits reads what it said
