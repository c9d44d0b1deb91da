"""`tokenpak cache`, over a database as the proxy writes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.telemetry.talk import Talk, body, talk_of
from tokenpak.cli import main
from tokenpak.telemetry.collector import Recorder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path))
    return tmp_path


def record(home: Path, *sent: tuple[bytes, float]) -> None:
    recorder, talk = Recorder(home / "telemetry.db"), Talk()
    for request, after_s in sent:
        talk.send(request, after_s)
        recorder.record(talk.flow)
    assert recorder.close()


def dated(turns: int, day: int) -> bytes:
    return body(talk_of(turns), system=f"Today is 2026-11-{day}.")


def test_shows_hits_and_what_broke(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(home, (dated(2, 21), 0), (dated(3, 21), 9), (dated(4, 22), 9), (dated(5, 22), 999))

    assert main(["cache", "--since", "all", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert 0 < found["total"]["hit_rate"] < 1
    assert [(each["cause"], each["number"]) for each in found["by_cause"]] == [
        ("expired", 1),
        ("client", 1),
    ]
    assert found["breaks"][1]["where"] == "the system prompt: a date or time changed"


def test_prints_what_changed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(home, (dated(2, 21), 0), (dated(3, 22), 9))

    assert main(["cache", "--since", "all"]) == 0

    text = " ".join(capsys.readouterr().out.split())
    assert "hit rate" in text
    assert "client: the system prompt: a" in text


def test_an_unbroken_cache_is_said_to_be_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(home, (dated(2, 21), 0), (dated(3, 21), 9))

    assert main(["cache", "--since", "all"]) == 0
    assert "No cache break was seen." in capsys.readouterr().out


def test_where_no_cache_was_reported_it_says_so(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder, talk = Recorder(home / "telemetry.db"), Talk()
    talk.send(body(talk_of(1)), usage=None)
    recorder.record(talk.flow)
    assert recorder.close()

    assert main(["cache", "--since", "all"]) == 0
    assert "for 1 answered requests no cache was reported" in capsys.readouterr().out


def test_a_tool_whose_name_looks_like_markup_is_shown_as_it_is(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = body(talk_of(3), tools=[{"name": "[red]"}])
    record(home, (body(talk_of(2)), 0), (named, 9))

    assert main(["cache", "--since", "all"]) == 0
    assert "'[red]'" in capsys.readouterr().out


def test_without_a_database_it_fails_with_a_word(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cache"]) == 1
    assert "does not exist yet" in capsys.readouterr().err
