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


def test_tells_what_gives_each_setting(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOKENPAK_PORT", "9999")
    (home / "config.toml").write_text("recovery = false\n")

    assert main(["config", "show"]) == 0

    shown = capsys.readouterr().out
    rows = {words[0]: words[1:] for line in shown.splitlines() if (words := line.split())}
    assert rows["port"] == ["9999", "TOKENPAK_PORT"]
    assert rows["recovery"] == ["false", "config.toml"]
    assert rows["workers"] == ["1", "default"]
    assert f"File: {home / 'config.toml'}" in shown


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ('"defaultMode": "stacked"', "sets defaultMode to 'stacked', which goes before pipeline"),
        ('"enabled": false, "defaultMode": "stacked"', "sets enabled to false: nothing is done"),
    ],
)
def test_tells_of_what_goes_before_the_settings(
    home: Path, policy: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "compression.json").write_text(f'{{"settings": {{{policy}}}}}')

    assert main(["config", "show"]) == 0

    assert told in capsys.readouterr().out


def test_never_prints_the_token_nor_a_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOKENPAK_AUTH_TOKEN", "a-secret-of-mine")
    monkeypatch.setenv("HTTPS_PROXY", "http://me:a-secret-of-mine@corp:3128")

    assert main(["config", "show"]) == 0
    assert main(["config", "show", "--json"]) == 0

    shown = capsys.readouterr().out
    assert "a-secret-of-mine" not in shown
    assert '"auth_token": "(set)"' in shown
    assert '"https_proxy": "http://***@corp:3128"' in shown
