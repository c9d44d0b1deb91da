from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.proxy.parts import FakeRecorder
from tokenpak import __version__
from tokenpak.proxy import health
from tokenpak.proxy.health import Health


def test_it_says_why_telemetry_does_not_write() -> None:
    recorder = FakeRecorder()
    recorder.error, recorder.dropped = "the disk is full", 3
    state = json.loads(Health(recorder).body(full=True))
    assert state["telemetry"] == {"enabled": True, "error": "the disk is full", "dropped": 3}
    assert (state["status"], state["version"]) == ("ok", __version__)


def test_strangers_learn_only_that_it_runs() -> None:
    assert json.loads(Health(None).body(full=False)) == {"status": "ok"}


def test_memory_is_unknown_where_the_system_does_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_STATM", Path("/nowhere"))
    assert health.resident_mb() is None
