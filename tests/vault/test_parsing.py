"""One file, read and understood."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from tokenpak.symbols import Symbol
from tokenpak.vault import parsing
from tokenpak.vault.packed import unpack
from tokenpak.vault.parsing import Job, parse


def test_a_file_is_understood(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"def open_box():\r\n    ...\r\n")

    found = parse(str(tmp_path), Job("a.py", None))

    assert found.content_hash == hashlib.sha256((tmp_path / "a.py").read_bytes()).digest()
    assert (found.file_type, found.reason, found.tokens > 3) == ("python", None, True)
    assert found.columns is not None
    assert found.columns.name == "open_box"
    assert unpack(found.symbols or b"")[0] == [Symbol("open_box", "function", 1)]


def test_known_content_is_not_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("x = 1")
    digest = hashlib.sha256(b"x = 1").digest()
    monkeypatch.setattr(parsing, "outline", lambda *a, **k: pytest.fail("looked at"))

    for found in (
        parse(str(tmp_path), Job("a.py", digest)),
        parse(str(tmp_path), Job("a.py", None), moved={digest}),
    ):
        assert (found.content_hash, found.columns, found.reason) == (digest, None, None)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"a\0", "binary"),
        (b"# @generated\n", "generated"),
        (b"-----BEGIN PRIVATE KEY-----", "secret"),
    ],
)
def test_what_is_not_worth_it_is_skipped_with_its_stamp(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    (tmp_path / "a.py").write_bytes(data)

    found = parse(str(tmp_path), Job("a.py", None))

    assert (found.reason, found.columns) == (reason, None)
    assert found.stamp is not None


def test_a_file_that_is_gone_is_reported(tmp_path: Path) -> None:
    found = parse(str(tmp_path), Job("a.py", None))

    assert (found.stamp, found.reason) == (None, "unreadable: No such file or directory")


def test_a_file_that_keeps_changing_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.py"
    file.write_text("x")
    status = os.fstat

    def growing(descriptor: int) -> os.stat_result:
        found = status(descriptor)
        with file.open("a") as more:
            more.write("x")
        return found

    monkeypatch.setattr(os, "fstat", growing)

    assert parse(str(tmp_path), Job("a.py", None)).reason == "changed while it was read"


@pytest.mark.parametrize("data", [b"\xff\xfe\xfd = 1", b"# " + b"a" * 9000 + b"\0\n", b"", b"\r\n"])
def test_survives_any_bytes(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.md").write_bytes(data)

    assert parse(str(tmp_path), Job("a.md", None)).content_hash is not None
