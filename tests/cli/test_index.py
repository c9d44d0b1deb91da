"""`tokenpak index`, on a small tree."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tokenpak.cli import main


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path / "home"))
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "a.py").write_text("def open_box(): ...\n")
    (tmp_path / "tree" / "b.png").touch()
    return tmp_path / "tree"


def test_says_what_was_done(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", str(tree)]) == 0
    assert main(["index", str(tree)]) == 0

    first, skipped, second, _ = capsys.readouterr().out.splitlines()
    assert "1 file, 1 new" in first
    assert "1 binary" in skipped
    assert "nothing changed" in second


def test_verbose_names_what_is_skipped(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", str(tree), "--verbose"]) == 0

    assert "skipped (binary): b.png" in capsys.readouterr().out


def test_json_holds_every_root(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree.parent / "other").mkdir()
    assert main(["index", str(tree), str(tree.parent / "other"), "--json", "--verbose"]) == 0

    first, second = json.loads(capsys.readouterr().out)["roots"]
    assert (first["new"], first["skipped"]) == (1, [{"path": "b.png", "reason": "binary"}])
    assert (second["files"], second["skipped_by_reason"]) == (0, {})


def test_a_path_that_is_no_folder_is_misuse(tree: Path) -> None:
    assert main(["index", str(tree / "a.py")]) == 2
    assert main(["index", str(tree / "gone")]) == 2


def test_watches_until_it_is_told_to_stop(tree: Path) -> None:
    run = (sys.executable, "-m", "tokenpak", "index", str(tree), "--watch", "--json")
    with subprocess.Popen(run, stdout=subprocess.PIPE, env=dict(os.environ)) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["new"] == 1
        (tree / "c.py").write_text("def fresh(): ...\n")
        assert json.loads(process.stdout.readline())["files"] == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
