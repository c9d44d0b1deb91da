from __future__ import annotations

import os
from pathlib import Path

import pytest

from tokenpak._atomic import write


def test_a_file_is_put_in_place_of_another_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.json"
    for data in (b"first and longer", b"second"):
        write(path, data)

    assert path.read_bytes() == b"second"
    assert [each.name for each in path.parent.iterdir()] == ["a.json"]
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_what_cannot_be_written_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, broken, full)
    with pytest.raises(OSError, match="No space left"):
        write(path, b"new")

    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]


def test_what_a_link_leads_to_is_written_and_the_link_stays(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "config.toml"
    real.parent.mkdir()
    real.write_bytes(b"old")
    link = tmp_path / "config.toml"
    link.symlink_to(real)

    write(link, b"new")

    assert link.is_symlink()
    assert real.read_bytes() == b"new"
