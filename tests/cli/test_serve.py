"""`tokenpak serve` hands its options to the server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tokenpak import server
from tokenpak.cli import main
from tokenpak.settings import Settings


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The settings with which the server was started; it ends at once with exit code 1."""
    started: list[Settings] = []

    def run(settings: Settings) -> int:
        started.append(settings)
        return 1

    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path))
    monkeypatch.setattr(server, "run", run)
    return started


def test_options_go_before_the_environment(
    served: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENPAK_PORT", "7000")
    monkeypatch.setenv("TOKENPAK_WORKERS", "3")

    main(["serve", "--port", "7001", "--host", "127.0.0.2"])

    assert (served[0].host, served[0].port, served[0].workers) == ("127.0.0.2", 7001, 3)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("strict", ("strict", "pack")),
        ("off", ("hybrid", "off")),
        ("strict/lite", ("strict", "lite")),
        ("mine", ("hybrid", "mine")),
    ],
)
def test_mode_takes_a_name_of_either_family_or_both_or_a_combo(
    mode: str, expected: tuple[str, str], served: list[Settings], tmp_path: Path
) -> None:
    combo = {"id": "mine", "name": "Mine", "pipeline": [{"engine": "rtk"}]}
    (tmp_path / "compression.json").write_text(json.dumps({"combos": [combo]}))

    main(["serve", "--mode", mode])

    assert (served[0].mode, served[0].pipeline) == expected


def test_an_unknown_mode_is_misuse(
    served: list[Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--mode", "tiny"]) == 2
    assert "default-caveman" in capsys.readouterr().err and not served


@pytest.mark.parametrize(
    ("mode", "told"), [("lite", True), ("strict", False), ("strict/rtk", False), ("rtk", False)]
)
def test_it_is_told_where_the_default_mode_goes_before_the_option(
    mode: str,
    told: bool,
    served: list[Settings],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "compression.json").write_text('{"settings": {"defaultMode": "rtk"}}')

    main(["serve", "--mode", mode])

    assert ("defaultMode to 'rtk'" in capsys.readouterr().err) is told


def test_exit_code_is_the_server_s(served: list[Settings]) -> None:
    assert main(["serve"]) == 1
