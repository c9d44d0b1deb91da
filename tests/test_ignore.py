"""Ignore files, as git reads them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tokenpak import ignore
from tokenpak.vault.walk import walk

FILES = (
    "a.log", "keep.log", "a.py", "build/x.py", "src/build/y.py", "src/a.log", "src/keep/a.log",
    "docs/a.md", "docs/deep/b.md", "tmp/x", "src/tmp", "foo/bar/baz.txt",
)  # fmt: skip


def tree(folder: Path, **rules: str) -> Path:
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    for place, text in rules.items():
        (folder / place.replace("_", "/") / ".gitignore").write_text(text)
    return folder


@pytest.mark.parametrize(
    "rules",
    [
        {"": "*.log\n!keep.log\nbuild/\n"},
        {"": "/build\ndocs/**/b.md\n"},
        {"": "*\n!*.py\n!*/\n"},
        {"": "*.log\n", "src": "!a.log\ntmp/\n"},
        {"": "tmp\n# note\n\n\\#x\n", "docs": "*\n"},
        {"": "foo/*/baz.txt\nsrc/keep\n"},
        {"": "*.l[oa]g\n![\n"},
    ],
)
def test_leaves_out_what_git_leaves_out(tmp_path: Path, rules: dict[str, str]) -> None:
    root = tree(tmp_path, **rules)
    git = ("git", "-C", str(root))
    subprocess.run([*git, "init", "-q"], check=True)
    listed = subprocess.run(
        [*git, "ls-files", "-o", "--exclude-standard"], check=True, capture_output=True, text=True
    )

    assert {path for path, _ in walk(str(root))} == set(listed.stdout.split())


def test_rules_above_the_folder_hold_up_to_the_top_of_the_repository(tmp_path: Path) -> None:
    root = tree(tmp_path, **{"": "*.log\n"})
    (root / ".git").mkdir()

    assert {path for path, _ in walk(str(root / "src"))} == {"build/y.py", "tmp"}


def test_a_folder_that_is_ignored_is_walked_when_it_is_named(tmp_path: Path) -> None:
    root = tree(tmp_path, **{"": "src\n"})
    (root / ".git").mkdir()

    assert "a.log" in {path for path, _ in walk(str(root / "src"))}


def test_the_own_ignore_file_overrules_the_others(tmp_path: Path) -> None:
    root = tree(tmp_path, **{"": "*.py\n"})
    (root / ".ignore").write_text("*.md\n")
    (root / ".tokenpakignore").write_text("!a.py\n!*.md\n")

    found = {path for path, _ in walk(str(root))}

    assert {"a.py", "docs/a.md"} <= found
    assert "build/x.py" not in found


@pytest.mark.timeout(20)
def test_a_pipe_in_the_place_of_an_ignore_file_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".gitignore")
    (tmp_path / "a.py").touch()

    assert [path for path, _ in walk(str(tmp_path))] == ["a.py"]


def test_without_rules_there_are_none(tmp_path: Path) -> None:
    assert ignore.around(str(tmp_path)) is None
    assert ignore.in_folder(str(tmp_path), set(), None) is None
