from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.walker import file_type, walk_directory


def tree(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("text\n", encoding="utf-8")
    return root


def names(root: Path, **options: bool) -> list[str]:
    found = walk_directory(root, **options)  # type: ignore[arg-type]
    return [os.path.relpath(each.path, root).replace(os.sep, "/") for each in found]


def test_gives_path_type_and_size_of_what_can_be_opened(tmp_path: Path) -> None:
    ((path, kind, size),) = walk_directory(tree(tmp_path, "docs/Guide.MD"))

    assert (Path(path).read_text(encoding="utf-8"), kind, size) == ("text\n", "md", 5)


def test_paths_are_sorted(tmp_path: Path) -> None:
    found = names(tree(tmp_path, "b", "a/z", "a.txt", "a-b/c", "a/b/c"))

    assert found == sorted(found)
    assert len(found) == 5


@pytest.mark.parametrize(
    "name",
    [".git/config", "node_modules/x/index.js", "a/__pycache__/b.txt", ".venv/lib/x.py"],
)
def test_leaves_out_version_control_packages_and_caches(tmp_path: Path, name: str) -> None:
    assert names(tree(tmp_path, name, "kept.py")) == ["kept.py"]


def test_leaves_out_binary_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text\0more")

    assert names(tree(tmp_path, "b.txt")) == ["b.txt"]


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        ("*.log", ["a.py", "sub/b.py", "sub/keep.txt"]),
        ("sub/", ["a.py", "x.log"]),
        ("/a.py", ["sub/b.py", "sub/keep.txt", "sub/y.log", "x.log"]),
        ("*\n!*/\n!*.txt", ["sub/keep.txt"]),
    ],
)
def test_keeps_to_the_ignore_file(tmp_path: Path, rules: str, left: list[str]) -> None:
    tree(tmp_path, "a.py", "sub/b.py", "sub/keep.txt", "x.log", "sub/y.log")
    (tmp_path / ".gitignore").write_text(rules, encoding="utf-8")

    assert [each for each in names(tmp_path) if each != ".gitignore"] == left


def test_an_ignore_file_holds_below_its_folder_and_above_the_root(tmp_path: Path) -> None:
    tree(tmp_path, ".git/HEAD", "top/in/a.txt", "top/in/b.txt", "top/a.txt")
    (tmp_path / ".gitignore").write_text("b.txt\n", encoding="utf-8")
    (tmp_path / "top/in/.gitignore").write_text("/a.txt\n", encoding="utf-8")

    assert names(tmp_path / "top") == ["a.txt", "in/.gitignore"]


def test_the_nearest_ignore_file_has_the_last_word(tmp_path: Path) -> None:
    tree(tmp_path, "a.log", "sub/a.log")
    (tmp_path / ".gitignore").write_text("*.log\n", encoding="utf-8")
    (tmp_path / "sub/.gitignore").write_text("!a.log\n", encoding="utf-8")

    assert [each for each in names(tmp_path) if each.endswith(".log")] == ["sub/a.log"]


def test_the_rules_of_git_itself_hold_and_a_folder_that_is_named_is_wanted(tmp_path: Path) -> None:
    tree(tmp_path, "out/a.txt", "out/b.txt", "c.txt")
    (tmp_path / ".git/info").mkdir(parents=True)
    (tmp_path / ".git/info/exclude").write_text("b.txt\nout/\n", encoding="utf-8")

    assert names(tmp_path) == ["c.txt"]
    assert names(tmp_path / "out") == ["a.txt", "b.txt"]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    tree(tmp_path, "a/x.txt")
    (tmp_path / "a/again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")

    assert names(tmp_path) == ["a/x.txt"]
    assert names(tmp_path, follow_symlinks=True) == ["a/x.txt"]


def test_follows_links_to_files_only_if_asked(tmp_path: Path) -> None:
    tree(tmp_path, "x.txt")
    (tmp_path / "y.txt").symlink_to(tmp_path / "x.txt")

    assert names(tmp_path) == ["x.txt"]
    assert names(tmp_path, follow_symlinks=True) == ["x.txt", "y.txt"]


def test_what_cannot_be_read_is_told_and_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree(tmp_path, "shut/x.txt", "y.txt")
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("shut"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr("tokenpak.walker.os.scandir", scandir)
    errors: list[OSError] = []

    found = [Path(each.path).name for each in walk_directory(tmp_path, on_error=errors.append)]

    assert found == ["y.txt"]
    assert [Path(each.filename).name for each in errors] == ["shut"]


def test_a_root_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="nowhere: is no folder"):
        list(walk_directory(tmp_path / "nowhere"))


@given(st.text(min_size=1, max_size=20))
def test_every_name_has_a_type(name: str) -> None:
    assert file_type(name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a/b.PY", "py"), ("Dockerfile", "dockerfile"), ("LICENSE", "txt"), (".bashrc", "txt")],
)
def test_the_type_is_the_ending(name: str, kind: str) -> None:
    assert file_type(name) == kind
