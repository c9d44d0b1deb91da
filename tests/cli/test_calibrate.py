"""`tokenpak calibrate`, with a tree just large enough."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tokenpak.cli import main
from tokenpak.vault.pool import MIN_FILES


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path / "home"))
    (tmp_path / "tree").mkdir()
    for number in range(MIN_FILES):
        (tmp_path / "tree" / f"{number}.py").touch()
    return tmp_path / "tree"


def test_the_number_is_kept(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", str(tree), "--max-workers", "1", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert (found["workers"], found["files"]) == (1, MIN_FILES)
    assert json.loads((tree.parent / "home" / "calibration.json").read_text()) == found


def test_each_trial_is_shown(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", str(tree), "--max-workers", "1"]) == 0

    assert "1 process:" in capsys.readouterr().out


def test_too_few_files_fail(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "0.py").unlink()

    assert main(["calibrate", str(tree)]) == 1
    assert "too few" in capsys.readouterr().err
