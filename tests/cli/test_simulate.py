"""`tokenpak simulate` on recorded sessions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import recorded
from tokenpak import cli

SESSION = str(recorded.FOLDER / "codex.json.gz")
QUICK = ["--turns", "3", "--jobs", "1", "--mode", "strict"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path / "home" / ".tokenpak"))
    return tmp_path / "home"


def test_the_tables_name_tokens_cost_and_facts(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["simulate", SESSION, *QUICK]) == 0

    shown = capsys.readouterr().out
    for words in ("input tokens", "used-later facts", "By technique", "references", "shell: "):
        assert words in shown


def test_json_says_the_same_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["simulate", SESSION, *QUICK, "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["mode"] == "strict/pack"
    assert found["total"]["packed"]["tokens"] < found["total"]["direct"]["tokens"]
    assert found["agents"].keys() == {"codex"}


@pytest.mark.parametrize(
    ("options", "mode"),
    [([], "hybrid/rtk"), (["--mode", "strict"], "strict/rtk"), (["--mode", "mine"], "hybrid/mine")],
)
def test_the_mode_is_the_one_asked_for_or_the_default_that_was_set(
    home: Path, options: list[str], mode: str, capsys: pytest.CaptureFixture[str]
) -> None:
    combo = {"id": "mine", "name": "Mine", "pipeline": [{"engine": "lite"}]}
    policy = {"settings": {"defaultMode": "rtk"}, "combos": [combo]}
    (home / ".tokenpak").mkdir(parents=True)
    (home / ".tokenpak" / "compression.json").write_text(json.dumps(policy))

    assert cli.main(["simulate", SESSION, *QUICK[:4], *options, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["mode"] == mode


def test_a_pipeline_that_there_is_not_is_told_once(
    monkeypatch: pytest.MonkeyPatch, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOKENPAK_PIPELINE", "tiny")

    assert cli.main(["simulate", SESSION, *QUICK]) == 1
    assert "'tiny' is neither a mode nor a combo" in capsys.readouterr().err


def test_the_page_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "report.html"

    assert cli.main(["simulate", SESSION, *QUICK, "--html", str(target)]) == 0
    assert target.read_text("utf-8").startswith("<!doctype html>")
    assert str(target) in capsys.readouterr().out.replace("\n", "")


def test_without_paths_the_installed_agents_are_asked(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home / ".claude" / "projects" / "app"
    folder.mkdir(parents=True)
    messages = [{"role": "user", "content": "go"}, {"role": "assistant", "content": "ok"}]
    lines = [{"type": each["role"], "uuid": "1", "message": each} for each in messages]
    (folder / "s.jsonl").write_text("\n".join(map(json.dumps, lines)))

    assert cli.main(["simulate", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["projects"].keys() == {"app"}


def test_where_nothing_was_found_it_says_where_it_looked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["simulate"]) == 1
    told = capsys.readouterr().err
    assert "~/.claude/projects" in told
    assert told.count("~/.gemini/tmp") == 1


def test_a_folder_without_a_turn_fails_and_names_its_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "package.json").write_text("{}")

    assert cli.main(["simulate", str(tmp_path), "--jobs", "1"]) == 1
    shown = capsys.readouterr().out
    assert "package.json: not a transcript" in shown
    assert "No conversation with a turn was found." in shown
    assert "with TokenPak" not in shown


@pytest.mark.parametrize("turns", ["0", "-1", "some"])
def test_turns_are_every_or_a_number(turns: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["simulate", SESSION, "--turns", turns]) == 2
    assert "every" in capsys.readouterr().err
