"""The walk through a tree."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tokenpak.vault.filetypes import MAX_BYTES
from tokenpak.vault.walk import Skipped, walk


def walked(root: Path, scope: str = "") -> tuple[list[str], dict[str, str]]:
    skipped: list[Skipped] = []
    found = [path for path, _ in walk(str(root), scope, skipped.append)]
    return found, {each.path: each.reason for each in skipped}


def test_says_why_something_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "b.py").symlink_to("a.py")
    (tmp_path / "node_modules").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "big.txt").write_bytes(b" " * (MAX_BYTES + 1))
    (tmp_path / ".ignore").write_text("c.py")
    (tmp_path / "c.py").touch()

    found, skipped = walked(tmp_path)

    assert found == [".ignore", "a.py"]
    assert skipped == {
        "loop": "symbolic link",
        "b.py": "symbolic link",
        "node_modules": "folder of tools",
        "pipe": "no regular file",
        "big.txt": "larger than 2 MB",
        "c.py": "ignored",
    }


def test_survives_names_that_are_not_utf8(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.py")).touch()
    (tmp_path / "ü.py").touch()

    assert walked(tmp_path) == (["ü.py"], {"\\xff.py": "name is not UTF-8"})


def test_survives_what_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shut").mkdir()
    (tmp_path / "a.py").touch()
    listing = os.scandir

    def refusing(path: str) -> object:
        if path.endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(os, "scandir", refusing)

    assert walked(tmp_path) == (["a.py"], {"shut/": "unreadable: Permission denied"})


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        ("", ["a.py", "d/b.py", "d/e/c.py"]),
        ("d", ["d/b.py", "d/e/c.py"]),
        ("d/e/c.py", ["d/e/c.py"]),
        ("d/gone.py", []),
        ("a.py/x", []),
        ("d/x.log", []),
        ("node_modules/x.py", []),
    ],
)
def test_a_scope_is_walked_as_it_would_be_within_the_whole(
    tmp_path: Path, scope: str, found: list[str]
) -> None:
    for name in ("a.py", "d/b.py", "d/e/c.py", "d/x.log", "node_modules/x.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "d" / ".gitignore").write_text("*.log\n.gitignore\n")

    assert walked(tmp_path, scope)[0] == found


def test_the_stamp_is_that_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("abc")
    status = (tmp_path / "a.py").stat()

    assert [stamp for _, stamp in walk(str(tmp_path))] == [
        (3, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
    ]
