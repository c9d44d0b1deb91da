"""`tokenpak show`, over a store as the packer fills it."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from tokenpak.cli import main
from tokenpak.cli.show import line_range
from tokenpak.recovery import RecoveryStore


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path))
    return tmp_path


def put(home: Path, content: str) -> str:
    return RecoveryStore(home / "raw", 1 << 20, 86_400.0).put(content).stem


@pytest.mark.parametrize(
    ("content", "options", "shown"),
    [
        ("a\nb\nc\n", [], "a\nb\nc\n"),
        ("a\nb\nc", [], "a\nb\nc\n"),
        ("a\n\n", [], "a\n\n"),
        ("a\nb\nc\n", ["--lines", "2-3"], "b\nc\n"),
        ("a\nb\nc\n", ["--lines", "2-"], "b\nc\n"),
        ("a\nb\nc\n", ["--lines", "2"], "b\n"),
        ("a\nb\nc\n", ["--lines", "3-99"], "c\n"),
        ("password=hunter2\n", [], "password=[REDACTED:password]\n"),
        ("half \ud800", [], "half ?\n"),
    ],
)
def test_prints_the_lines_asked_for(
    home: Path, capsys: pytest.CaptureFixture[str], content: str, options: list[str], shown: str
) -> None:
    assert main(["show", put(home, content), *options]) == 0

    assert capsys.readouterr().out == shown


def test_json_says_which_lines_they_are(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    id = put(home, "a\nb\nc\n")

    assert main(["show", id, "--lines", "2-9", "--json"]) == 0

    assert json.loads(capsys.readouterr().out) == {
        "id": id,
        "first": 2,
        "last": 3,
        "lines": 3,
        "text": "b\nc\n",
    }


@pytest.mark.parametrize("id", ["0" * 16, "nosuch", "../config"])
def test_an_unknown_id_fails_and_says_what_an_id_is(
    home: Path, capsys: pytest.CaptureFixture[str], id: str
) -> None:
    assert main(["show", id]) == 1

    message = capsys.readouterr().err
    assert id in message
    assert "16 hexadecimal digits" in message


def test_a_line_beyond_the_end_fails(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", put(home, "a\nb\n"), "--lines", "3-4"]) == 1

    assert "has 2 lines" in capsys.readouterr().err


def test_an_unknown_range_is_misuse(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "0" * 16, "--lines", "x"]) == 2

    assert "40-92" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "found"), [("1-", (1, None)), ("7", (7, 7)), ("2-5", (2, 5)), ("3-3", (3, 3))]
)
def test_a_range_is_read(text: str, found: tuple[int, int | None]) -> None:
    assert line_range(text) == found


@pytest.mark.parametrize("text", ["", "0", "-5", "5-4", "a-b", "1-2-3", "0-4"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        line_range(text)
