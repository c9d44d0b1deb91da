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


def test_what_cannot_be_read_of_standard_input_is_told_by_that_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe")))

    assert main(["compress", "-"]) == 1

    assert "tokenpak: standard input: byte 0 is no UTF-8" in capsys.readouterr().err


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


PROSE = "Could you please basically explain to me, in order to understand it, how it works?\n"


@pytest.mark.parametrize(
    ("name", "mode", "saves"),
    [
        ("prompt.txt", "standard", True),
        ("prompt.md", "stacked", True),
        ("build.log", "standard", False),
        ("prompt.txt", "pack", False),
    ],
)
def test_prose_is_what_a_user_wrote_where_the_mode_is_made_for_that(
    file: Path, name: str, mode: str, saves: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    text = file.with_name(name)
    text.write_text(PROSE)

    assert main(["compress", "--mode", mode, "--json", str(text)]) == 0
    assert (json.loads(capsys.readouterr().out)["saved_tokens"] > 0) is saves


def test_a_text_goes_through_the_filter_of_the_command_that_printed_it(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hint = '  (use "git add <file>..." to include in what will be committed)\n'
    file.write_text(f"On branch main\nUntracked files:\n{hint}\ta.py\n")
    status = ["compress", "--mode", "rtk", "--json", str(file)]

    assert main([*status, "--command", "git status"]) == 0
    assert json.loads(capsys.readouterr().out)["saved_by"].keys() == {"rtk"}
    assert main(status) == 0
    assert "rtk" not in json.loads(capsys.readouterr().out)["saved_by"]


def test_below_the_threshold_it_says_how_to_go_without(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = file.with_name("request.json")
    request.write_text(json.dumps({"messages": [{"role": "user", "content": PROSE}]}))
    assert main(["compress", "--mode", "standard", str(request)]) == 0
    assert "4,500 tokens was not reached; --mode strict/standard" in capsys.readouterr().out

    assert main(["compress", "--mode", "strict/standard", str(request)]) == 0
    assert "Saved by: caveman" in capsys.readouterr().out

    assert main(["compress", "--mode", "off", str(request)]) == 0
    assert "none (packing is off)" in capsys.readouterr().out


def test_an_unknown_mode_is_misuse_and_the_known_ones_are_listed(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compress", "--mode", "tiny", str(file)]) == 2
    assert "default-caveman" in capsys.readouterr().err
