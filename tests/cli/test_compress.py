"""`tokenpak compress`: files, standard input, and what is printed."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tokenpak.cli import main

TEXT = "\n".join(f"{at:>6}→line {at} of the file" for at in range(1, 120))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path))
    path = tmp_path / "notes.txt"
    path.write_text(TEXT)
    return path


def test_prints_what_was_saved(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compress", "--mode", "strict", str(file)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines if line] == [
        "Input",
        "Output",
        "Saved",
        "Time",
        "Stages",
        "Saved by",
    ]


def test_reads_standard_input(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))

    assert main(["compress", "--mode", "strict", "--json", "-"]) == 0

    shown = json.loads(capsys.readouterr().out)
    assert shown["saved_tokens"] > 0
    assert list(shown["saved_by"]) == ["gutter"]


def test_out_holds_what_would_be_sent(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.txt"

    assert main(["compress", "--mode", "strict", "--out", str(out), str(file)]) == 0

    assert out.read_text().startswith("1\tline 1 of the file\n")
    assert file.read_text() == TEXT


def test_diff_shows_what_changed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compress", "--mode", "strict", "--diff", str(file)]) == 0

    shown = capsys.readouterr().out
    assert "\n-     1→line 1 of the file\n" in shown
    assert "\n+1\tline 1 of the file\n" in shown


def test_a_place_that_cannot_be_written_is_an_error_in_one_line(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compress", "--out", str(tmp_path / "no" / "out.txt"), str(file)]) == 1

    error = capsys.readouterr().err
    assert "out.txt" in error
    assert error.count("\n") == 1


def test_a_missing_file_is_misuse(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compress", str(file.with_name("gone.txt"))]) == 2
    assert "gone.txt" in capsys.readouterr().err


@pytest.mark.parametrize("mode", ["lite", "standard", "rtk", "stacked", "mine", "My combo"])
def test_every_mode_and_combo_is_taken(
    file: Path, mode: str, capsys: pytest.CaptureFixture[str]
) -> None:
    combo = {"id": "mine", "name": "My combo", "pipeline": [{"engine": "rtk"}]}
    (file.parent / "compression.json").write_text(json.dumps({"combos": [combo]}))

    assert main(["compress", "--mode", mode, "--json", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["tokens_raw"] > 0


def test_an_unknown_mode_is_misuse_and_the_known_ones_are_listed(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compress", "--mode", "tiny", str(file)]) == 2
    assert "default-caveman" in capsys.readouterr().err
