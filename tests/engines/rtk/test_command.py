from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tokenpak.engines.rtk.command import Recovered, recover

REAL = yaml.safe_load((Path(__file__).parent / "commands.yaml").read_text("utf-8"))


def test_there_are_enough_real_command_lines():
    assert len(REAL) >= 150


@pytest.mark.parametrize("row", REAL, ids=lambda row: row["command"][:60])
def test_real_command_lines_lead_to_their_program(row):
    found = recover(row["command"])
    assert (found.line if found else None) == row["line"]
    assert bool(found and found.selected) == row.get("selected", False)
    assert bool(found and found.trimmed) == row.get("trimmed", False)


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("bash -lc 'cd app && npm ci'", "npm ci"),
        ('sh -c "git status | head"', "git status"),
        ("cmd /c git status", "git status"),
        ("powershell -Command git status", "git status"),
        ("su nobody -s /bin/bash -c 'find / -name x'", "find / -name x"),
        ("cd x; FOO=1 cargo test || true", "cargo test"),
        ("git diff && echo done", "git diff"),
        ("find . | xargs wc -l", "wc -l"),
        ("cat a | grep b", "grep b"),
        ("for f in *; do cat $f; done", None),
        ("git status && git diff", None),
        ("", None),
        ("x" * 30_000, None),
        ("ssh a " * 4 + "git status", "git status"),
        ("cmd /c " * 2_000 + "git status", None),
        ("ssh a " * 3_000 + "git status", None),
    ],
)
def test_shells_and_scripts(command, line):
    found = recover(command)
    assert (found.line if found else None) == line


def test_what_a_pipe_takes_away_is_known():
    assert recover("make | grep -i error | tail -5") == Recovered("make", True, True)
    assert recover("bash -c 'make | grep -i error' | tail -5") == Recovered("make", True, True)
    assert recover("ssh host 'make | tail -5'") == Recovered("make", False, True)
