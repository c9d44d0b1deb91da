"""`tokenpak savings`, over a database as the proxy writes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import recorded as recordings
from tests.telemetry.talk import Talk, body, talk_of
from tokenpak.cli import main
from tokenpak.telemetry.collector import Recorder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def recorded(home: Path) -> Path:
    """Three turns that pay for our markers, and one of a client that pays for nothing."""
    recorder = Recorder(home / "telemetry.db")
    talk = Talk(cache_breakpoints="auto")
    for turns in (1, 2, 3):
        talk.send(body(talk_of(turns), marked=False, tools=[{"name": "Read"}]))
        recorder.record(talk.flow)
    talk.send(body(talk_of(3), marked=False), model="another", usage=None)
    recorder.record(talk.flow)
    assert recorder.close()
    return home


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_shows_cost_with_and_without(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["savings", "--since", "all", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    total = found["total"]
    assert (found["answered"], total["requests"]) == (4, 3)
    assert total["savings_usd"] == pytest.approx(total["cost_unpacked_usd"] - total["cost_usd"])
    assert total["savings_usd"] == pytest.approx(found["attribution"]["proxy_usd"])
    assert [each["requests"] for each in found["by_model"]] == [3]


def test_prints_a_table_and_what_is_left_out(
    recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["savings", "--since", "all"]) == 0

    text = shown(capsys)
    assert "without TokenPak" in text
    assert "never added up" in text
    assert "Left out, without reported usage or price: 1 answered requests." in text


def test_a_loss_has_its_sign(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recorder = Recorder(home / "telemetry.db")
    talk = Talk(cache_breakpoints="auto")
    talk.send(body(talk_of(1), marked=False, tools=[{"name": "Read"}]))
    recorder.record(talk.flow)
    assert recorder.close()

    assert main(["savings", "--since", "all"]) == 0
    assert "-$0.00" in shown(capsys)


def test_nothing_to_compare_is_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recorder = Recorder(home / "telemetry.db")
    talk = Talk()
    talk.send(body(talk_of(1)), usage=None)
    recorder.record(talk.flow)
    assert recorder.close()

    assert main(["savings", "--since", "all"]) == 0
    assert "of 1 answered requests no cost is known" in shown(capsys)


def test_without_a_database_it_fails_with_a_word(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["savings"]) == 1
    assert "telemetry.db" in capsys.readouterr().err


def test_shows_whether_epochs_were_paid_back(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = Recorder(home / "telemetry.db")
    talk = Talk(recordings.adapter_name("codex"), pipeline="ultra")
    for upto in recordings.turns("codex"):
        talk.send(recordings.body("codex", upto), model="gpt-5")
        recorder.record(talk.flow)
    assert recorder.close()

    assert main(["savings", "--since", "all", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["epochs"]
    assert len(found) > 1
    for each in found:
        assert each["turns"] > 1
        assert each["paid_back"] is (each["returned_usd"] >= each["cost_usd"])

    assert main(["savings", "--since", "all"]) == 0
    out = shown(capsys)
    assert ("yes" in out, "not yet" in out) == tuple(
        any(each["paid_back"] is paid for each in found) for paid in (True, False)
    )
