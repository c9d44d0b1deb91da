"""What the index holds."""

from __future__ import annotations

import pytest

from tests.vault.trees import Vault
from tokenpak.errors import StoreError
from tokenpak.vault.status import remove, status


def test_counts_what_is_indexed(vault: Vault) -> None:
    vault.write("a.py", "def one(): ...\n")
    vault.write("b.md", "# Two\n")
    vault.write("c.txt", "\0")
    vault.index()

    (tree,) = status(vault.registry)

    assert (tree.path, tree.files, tree.skipped) == (str(vault.tree.resolve()), 2, 1)
    assert tree.file_types == {"markdown": 1, "python": 1}
    assert tree.source_bytes == 21
    assert tree.last_indexed is not None


def test_a_tree_is_taken_out(vault: Vault) -> None:
    vault.write("a.py", "def one(): ...\n")
    vault.index()

    with pytest.raises(StoreError, match=str(vault.tree)):
        remove(vault.registry, vault.tree / "other")
    assert remove(vault.registry, vault.tree) == 1
    assert status(vault.registry) == []
    assert vault.query("SELECT * FROM vocabulary") == []
