"""`tokenpak vault`: status, remove, service."""

from __future__ import annotations

import json
import plistlib
from pathlib import Path

import pytest

from tokenpak.cli import main


@pytest.fixture
def tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path / "home"))
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "a.py").write_text("def open_box(): ...\n")
    assert main(["index", str(tmp_path / "tree")]) == 0
    capsys.readouterr()
    return tmp_path / "tree"


def test_status_shows_the_trees(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vault", "status"]) == 0
    assert "last indexed" in capsys.readouterr().out
    assert main(["vault", "status", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["bytes"] > 0
    assert [(each["path"], each["files"]) for each in found["trees"]] == [(str(tree.resolve()), 1)]


def test_remove_only_says_what_it_would_do(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vault", "remove", str(tree)]) == 0
    assert "would be removed" in capsys.readouterr().out
    assert main(["search", "open_box", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["hits"]) == 1


def test_remove_takes_the_tree_out(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vault", "remove", str(tree), "--apply", "--json"]) == 0

    assert json.loads(capsys.readouterr().out) == {
        "path": str(tree.resolve()),
        "files": 1,
        "removed": True,
    }
    assert main(["vault", "remove", str(tree)]) == 1
    assert "is not indexed" in capsys.readouterr().err


def test_service_prints_a_unit_and_how_to_install_it(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["vault", "service", str(tree), "--for", "systemd"]) == 0

    printed = capsys.readouterr()
    assert f'"index" "--watch" "{tree.resolve()}"' in printed.out
    assert "systemctl --user enable" in printed.err


def test_service_knows_launchd(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vault", "service", str(tree), "--for", "launchd", "--json"]) == 0

    unit = json.loads(capsys.readouterr().out)["unit"]
    assert plistlib.loads(unit.encode())["ProgramArguments"][-1] == str(tree.resolve())
