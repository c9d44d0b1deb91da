"""The table of commands, and how a command's end becomes an exit code."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tokenpak import cli
from tokenpak.errors import ConfigError

PRINT_MODULES = "; import sys; print(*sorted(sys.modules))"


def modules_after(code: str) -> set[str]:
    """What a fresh interpreter has loaded after *code*."""
    done = subprocess.run(
        [sys.executable, "-c", code + PRINT_MODULES], capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def test_help_lists_every_command_without_loading_one() -> None:
    loaded = modules_after("from tokenpak.cli import main; main(['--help'])")

    assert "click" in loaded
    assert not loaded & {entry.module for entry in cli.COMMANDS.values()}
    assert not loaded & {"aiohttp", "rich", "tiktoken", "uvicorn", "msgspec", "sqlite3"}


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_help_with_an_example(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([name, "--help"]) == 0

    shown = capsys.readouterr().out
    assert "Example:" in shown
    assert f"  tokenpak {name}" in shown


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_that_reports_offers_json(name: str) -> None:
    command = importlib.import_module(cli.COMMANDS[name].module).command
    leaves = list(command.commands.values()) if isinstance(command, click.Group) else [command]

    options = {option for leaf in leaves for each in leaf.params for option in each.opts}

    # The proxy reports nothing; it says where it listens and then serves.
    assert ("--json" in options) is (name != "serve")


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0

    shown = capsys.readouterr().out
    assert [name for name, entry in cli.COMMANDS.items() if entry.help not in shown] == []


def test_a_group_shows_what_each_of_its_commands_is_for_to_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["rtk", "--help"]) == 0

    shown = " ".join(capsys.readouterr().out.split())
    assert "command, filter, what must survive, what goes." in shown


@pytest.mark.parametrize(
    ("argv", "known"),
    [(["stat"], "stats"), (["vault", "stat"], "remove"), (["config", "nosuch"], "show")],
)
def test_an_unknown_command_is_told_with_those_that_there_are(
    argv: list[str], known: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(argv) == 2

    told = capsys.readouterr().err
    assert f"unknown command '{argv[-1]}'; known: " in told
    assert known in told


def test_version_is_the_package_s(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"tokenpak, version {cli.__version__}\n"


@pytest.mark.parametrize(
    "argv", [["nosuch"], ["stats", "--nosuch"], ["compress"], ["serve", "--port", "70000"], []]
)
def test_misuse_exits_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(argv) == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            ConfigError("port: found 'x',\nexpected int"),
            "tokenpak: port: found 'x', expected int\n",
        ),
        (
            OSError(28, "No space left on device", "out"),
            "tokenpak: out: No space left on device; make room on the disk of TokenPak's home and "
            "of the output, then run it again\n",
        ),
        (
            OSError(28, "No space left on device"),
            "tokenpak: No space left on device; make room on the disk of TokenPak's home and "
            "of the output, then run it again\n",
        ),
        (
            PermissionError(13, "Permission denied", "home"),
            "tokenpak: home: Permission denied; see to its rights, or set TOKENPAK_HOME to a "
            "folder of your own\n",
        ),
    ],
)
def test_a_failure_is_one_line_and_exits_with_1(
    error: Exception,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(**options: object) -> None:
        raise error

    monkeypatch.setattr(cli.Table, "get_command", lambda *_: click.Command("broken", callback=fail))

    assert cli.main(["broken"]) == 1
    assert capsys.readouterr().err == line


def test_an_unknown_key_in_the_config_file_is_told_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.toml").write_text("prot = 1\n")
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path))

    assert cli.main(["config", "show"]) == 1
    assert "'prot' is unknown" in capsys.readouterr().err
