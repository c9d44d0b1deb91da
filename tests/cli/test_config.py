"""`tokenpak config show`."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from tokenpak.cli import main
from tokenpak.settings import Settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path))
    return tmp_path


def test_shows_every_setting_with_its_value_in_force(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOKENPAK_PORT", "9999")

    assert main(["config", "show", "--json"]) == 0

    shown = json.loads(capsys.readouterr().out)["settings"]
    assert list(shown) == [each.name for each in fields(Settings)]
    assert shown["port"] == 9999


def test_names_the_file_and_the_variables(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "show"]) == 0

    shown = capsys.readouterr().out
    assert "TOKENPAK_PORT" in shown
    assert "config.toml" in shown


def test_never_prints_the_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOKENPAK_AUTH_TOKEN", "a-secret-of-mine")

    assert main(["config", "show"]) == 0
    assert main(["config", "show", "--json"]) == 0

    shown = capsys.readouterr().out
    assert "a-secret-of-mine" not in shown
    assert '"auth_token": "(set)"' in shown
