"""`python -m tokenpak` and the `tokenpak` command."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points

import pytest

import tokenpak
from tokenpak import __main__


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tokenpak", "--version"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (0, f"tokenpak, version {tokenpak.__version__}\n")


def test_the_command_is_the_same() -> None:
    (script,) = entry_points(group="console_scripts", name="tokenpak")

    assert script.load() is __main__.run


@pytest.mark.parametrize(("argv", "code"), [(["--help"], 0), (["nosuch"], 2)])
def test_the_exit_code_is_the_command_line_s(
    argv: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["tokenpak", *argv])

    with pytest.raises(SystemExit) as caught:
        __main__.run()

    assert caught.value.code == code
