from __future__ import annotations

from pathlib import Path

import pytest

from tokenpak.connectors import FilesystemConnector
from tokenpak.errors import SourceError


def test_gives_texts_with_paths_from_the_root(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/b.md").write_text("bee", encoding="utf-8")
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")
    (tmp_path / "c.bin").write_bytes(b"\0")
    found = list(FilesystemConnector(tmp_path))

    assert [(each.path, each.text) for each in found] == [
        ("a.txt", "caf\ufffd"),
        ("sub/b.md", "bee"),
    ]
    assert found[0].provenance["source"] == "filesystem"
    assert found[0].provenance["root"] == str(tmp_path)


def test_large_files_are_told_and_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x" * 11, encoding="utf-8")
    skipped: list[tuple[str, str]] = []
    connector = FilesystemConnector(
        tmp_path, max_bytes=10, on_skip=lambda path, reason: skipped.append((path, reason))
    )

    assert list(connector) == []
    assert skipped == [("a.txt", "11 bytes, more than 10")]


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nowhere: is no folder"):
        list(FilesystemConnector(tmp_path / "nowhere"))
