"""The tables of the index."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.vault.trees import Vault
from tokenpak.errors import StoreError
from tokenpak.vault import words
from tokenpak.vault.schema import check, open_for_search, open_index


def test_without_an_index_search_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="tokenpak index PATH"):
        open_for_search(tmp_path / "registry.db")


def test_another_way_of_splitting_words_makes_the_index_anew(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.write("a.py", "def one(): ...\n")
    vault.index()
    monkeypatch.setattr(words, "VERSION", 99)

    with pytest.raises(StoreError, match="tokenpak index PATH"):
        open_for_search(vault.registry)
    assert vault.index().new == 1
    assert vault.found("one") == ["a.py"]


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM files",
        "INSERT INTO terms (rowid, name) VALUES (99, 'x')",
        "INSERT INTO terms (terms) VALUES ('delete-all')",
    ],
)
def test_a_damaged_index_is_found_out(vault: Vault, damage: str) -> None:
    vault.write("a.py", "def one(): ...\n")
    vault.index()
    connection = open_index(vault.registry)
    connection.execute(damage)

    with pytest.raises(StoreError, match="do not agree"):
        check(connection)
    connection.close()


def test_the_index_is_private(vault: Vault) -> None:
    vault.index()

    assert {file.stat().st_mode & 0o077 for file in vault.registry.parent.iterdir()} == {0}
