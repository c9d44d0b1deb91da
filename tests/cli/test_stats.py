"""`tokenpak stats`, over a database as the proxy writes it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tokenpak.canonical import CanonicalUsage
from tokenpak.cli import main
from tokenpak.flow import Flow
from tokenpak.telemetry.collector import Recorder

NOW = datetime(2026, 3, 1, tzinfo=UTC).timestamp()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path))
    return tmp_path


def flow(number: int, *, status: int = 200, started: float = NOW) -> Flow:
    return Flow(
        request_id=f"id-{number}",
        started=started,
        method="POST",
        path="/v1/messages",
        provider="anthropic",
        model="claude-sonnet-4-5",
        status=status,
        tokens_raw=1000,
        saved_tokens=250,
        saved_by={"references": 200, "gutter": 50},
        duration_ms=10.0,
        usage=CanonicalUsage(input_tokens=800, output_tokens=20, cache_read_tokens=500),
    )


@pytest.fixture
def recorded(home: Path) -> Path:
    recorder = Recorder(home / "telemetry.db")
    recorder.record(flow(1))
    recorder.record(flow(2, started=0.0))
    recorder.record(flow(3, status=500))
    assert recorder.close()
    return home


def test_sums_what_was_recorded(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "--since", "all", "--json"]) == 0

    shown = json.loads(capsys.readouterr().out)
    assert (shown["requests"], shown["answered"]) == (3, 2)
    assert shown["tokens_saved"]["value"] == 500
    assert shown["savings_pct"] == 25.0
    assert shown["saved_by"] == {"references": 400, "gutter": 100}


def test_since_leaves_out_what_was_before(
    recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stats", "--since", "2020-01-01", "--json"]) == 0

    assert json.loads(capsys.readouterr().out)["requests"] == 2


def test_prints_sums_techniques_and_failures(
    recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stats", "--since", "all"]) == 0

    shown = capsys.readouterr().out
    assert all(each in shown for each in ("2,000", "25.0%", "references", "400", "status 500"))


def test_says_what_was_counted_and_of_how_many_requests(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = Recorder(home / "telemetry.db")
    recorder.record(flow(1))
    unpacked = flow(2)
    unpacked.tokens_raw, unpacked.saved_tokens, unpacked.saved_by = None, 0, {}
    unpacked.usage = None
    recorder.record(unpacked)
    assert recorder.close()

    assert main(["stats", "--since", "all"]) == 0

    shown = " ".join(capsys.readouterr().out.split())
    assert "requests 2 of these packed 1 their tokens before 1,000 without tool" in shown
    assert "tokens saved 250 25.0% of that" in shown
    assert "input tokens 800 as reported; for 1 of 2 answered requests" in shown


def test_a_time_without_requests_is_told_in_a_line(
    recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stats", "--since", "2099-01-01"]) == 0

    assert capsys.readouterr().out == "Since 2099-01-01: no request was recorded.\n"


def test_without_a_database_it_fails_with_a_word(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stats"]) == 1

    assert "telemetry.db" in capsys.readouterr().err
