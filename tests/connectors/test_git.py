from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tokenpak.connectors import GitConnector
from tokenpak.errors import SourceError


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "core.hooksPath="]
    subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--initial-branch=main")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/two words.md").write_text("first\n", encoding="utf-8")
    (tmp_path / "größe.txt").write_text("", encoding="utf-8")
    (tmp_path / "data.bin").write_bytes(b"\0\0")
    (tmp_path / "link").symlink_to("größe.txt")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "one")
    git(tmp_path, "tag", "v1")
    (tmp_path / "sub/two words.md").write_text("second\n", encoding="utf-8")
    git(tmp_path, "commit", "-am", "two")
    (tmp_path / "sub/two words.md").write_text("not committed\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("revision", "text"), [("HEAD", "second\n"), ("v1", "first\n"), ("main~1", "first\n")]
)
def test_gives_the_files_of_a_revision(repository: Path, revision: str, text: str) -> None:
    skipped: list[str] = []
    connector = GitConnector(
        repository, revision, on_skip=lambda path, reason: skipped.append(f"{path}: {reason}")
    )
    found = {each.path: each for each in connector}

    assert {path: each.text for path, each in found.items()} == {
        "größe.txt": "",
        "sub/two words.md": text,
    }
    assert skipped == ["data.bin: binary"]
    provenance = found["sub/two words.md"].provenance
    assert (provenance["revision"], provenance["commit"]) == (revision, connector.commit)
    assert len(connector.commit) == 40


def test_reading_can_be_broken_off(repository: Path) -> None:
    assert next(iter(GitConnector(repository))).path == "größe.txt"


@pytest.mark.parametrize("revision", ["nosuch", "--help", "--output=x", ""])
def test_an_unknown_revision_is_an_error(repository: Path, revision: str) -> None:
    with pytest.raises(SourceError, match="git gives nothing for revision"):
        GitConnector(repository, revision)
    assert not (repository / "x").exists()


def test_a_folder_without_a_repository_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="expected a repository"):
        GitConnector(tmp_path / "nowhere")
