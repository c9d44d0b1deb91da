"""`tokenpak demo`: what is printed, and the exit code."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tokenpak.cli import main
from tokenpak.demo import run as run_module
from tokenpak.demo.report import Report, Way
from tokenpak.demo.session import Session

WAY = Way(
    tokens=1000,
    cache_read_tokens=700,
    cache_write_tokens=200,
    uncached_tokens=100,
    billed_tokens=420.0,
    cost_usd=0.5,
    stable=1.0,
    refused=0,
)
REPORT = Report(
    session="s",
    source="a/b (MIT)",
    model="m",
    prices_of="2026-01-01",
    turns=3,
    direct=WAY,
    packed=replace(WAY, tokens=800, cost_usd=0.4),
    saved_by={"references": 200},
    errors=0,
    added_ms=2.0,
)


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    """What the replay will report; the last one given."""
    given = [REPORT]

    def run(session: Session, mode: str | None = None, on_turn: object = None) -> Report:
        return given[-1]

    monkeypatch.setattr(run_module, "run", run)
    return given


def test_prints_both_ways_and_the_next_step(
    reports: list[Report], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo"]) == 0

    shown = capsys.readouterr().out
    for each in ("1,000", "800", "-20.0%", "$0.4000", "references", "tokenpak serve", "100.00%"):
        assert each in shown


def test_names_the_source_of_the_recording(
    reports: list[Report], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["demo"])

    assert "entireio/cli (MIT)" in capsys.readouterr().out


def test_says_so_when_nothing_was_packed(
    reports: list[Report], capsys: pytest.CaptureFixture[str]
) -> None:
    reports.append(replace(REPORT, saved_by={}))

    assert main(["demo"]) == 0
    assert "Nothing was packed." in capsys.readouterr().out


def test_json_holds_every_figure(reports: list[Report], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--json"]) == 0

    shown = json.loads(capsys.readouterr().out)
    assert shown["packed"]["tokens"] == 800
    assert shown["saved_by"] == {"references": 200}


@pytest.mark.parametrize(
    "failed", [replace(REPORT, errors=1), replace(REPORT, packed=replace(WAY, refused=1))]
)
def test_fails_when_the_proxy_broke_a_request(reports: list[Report], failed: Report) -> None:
    reports.append(failed)

    assert main(["demo", "--json"]) == 1


def test_a_file_that_is_no_session_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.json").write_text("[]")

    assert main(["demo", "--session", str(tmp_path / "x.json")]) == 1
    assert "x.json: not a session" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("called", "shown"),
    [
        ("{here}/.venv/bin/tokenpak", "\n  .venv/bin/tokenpak serve\n"),
        ("/elsewhere/tokenpak", "\n  /elsewhere/tokenpak serve\n"),
        ("/elsewhere/pytest", "\n  tokenpak serve\n"),
    ],
)
def test_the_next_step_can_be_copied_as_it_is(
    called: str,
    shown: str,
    reports: list[Report],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [called.format(here=tmp_path), "demo"])

    main(["demo"])

    assert shown in capsys.readouterr().out
