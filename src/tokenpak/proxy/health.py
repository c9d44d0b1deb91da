"""What `/healthz` says: that the proxy answers, and whether it can record."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from tokenpak import __version__
from tokenpak.telemetry.collector import Recorder

_STATM = Path("/proc/self/statm")


class Health:
    """The state of this process."""

    def __init__(self, recorder: Recorder | None) -> None:
        self._recorder = recorder
        self._started = time.monotonic()

    def body(self, *, full: bool) -> bytes:
        """The answer as JSON; only its status unless *full*."""
        state: dict[str, object] = {"status": "ok"}
        if full:
            state |= {
                "version": __version__,
                "uptime_s": round(time.monotonic() - self._started, 1),
                "memory_mb": resident_mb(),
                "telemetry": self._telemetry(),
            }
        return json.dumps(state).encode()

    def _telemetry(self) -> dict[str, object]:
        if self._recorder is None:
            return {"enabled": False}
        return {
            "enabled": True,
            "error": self._recorder.error,
            "dropped": self._recorder.dropped,
        }


def resident_mb() -> float | None:
    """Resident memory of this process in megabytes; None where the system does not say."""
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return round(pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20), 1)
