"""Sets of users' files: what is read again, and what is forgotten."""

from __future__ import annotations

import os
from pathlib import Path

from tokenpak.engines.own_sets import _MAX_SETS, OwnSets


def test_a_set_is_read_again_only_when_a_file_changes(tmp_path: Path) -> None:
    file, read, sets = tmp_path / "a", [], OwnSets[str]()

    def load() -> tuple[str, str]:
        read.append(file.read_text())
        return f"digest of {read[-1]}", read[-1]

    file.write_text("one")
    assert sets.digest("q", [file], load) == sets.digest("q", [file], load) == "digest of one"
    assert read == ["one"] and sets.get("digest of one") == "one"
    file.write_text("two")
    os.utime(file, ns=(1, 1))
    assert sets.digest("q", [file], load) == "digest of two"
    assert sets.get("digest of one") == "one"  # a request under way may still ask for it


def test_questions_are_kept_apart_and_no_set_has_no_digest(tmp_path: Path) -> None:
    sets = OwnSets[str]()
    assert sets.digest("a", [], lambda: ("x", "X")) == "x"
    assert sets.digest("b", [tmp_path / "missing"], lambda: None) == ""
    assert sets.get("") is None


def test_the_oldest_set_is_forgotten_first() -> None:
    sets = OwnSets[int]()
    for number in range(_MAX_SETS + 1):
        sets.digest(number, [], lambda n=number: (str(n), n))  # type: ignore[misc]
    assert sets.get("0") is None and sets.get("1") == 1
