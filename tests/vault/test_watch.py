"""Watching of trees: the batches, and a real watch."""

from __future__ import annotations

import queue
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vault.trees import Vault
from tokenpak.vault.indexer import Options, Report
from tokenpak.vault.watch import _scopes, watch


@pytest.mark.parametrize(
    ("paths", "scopes"),
    [
        (["/r/a.py", "/r/a.py"], {"/r": ["a.py"]}),
        (["/r/d", "/r/d/a.py", "/r/d-e/b.py"], {"/r": ["d-e/b.py", "d"]}),
        (["/r/d/.gitignore"], {"/r": ["d"]}),
        (["/r/.gitignore", "/r/a.py"], {"/r": [""]}),
        (["/r/.git/index", "/r/node_modules/x/a.js"], {}),
        (["/r"], {"/r": [""]}),
        (["/other/a.py", "/rest/a.py"], {}),
        (["/r/in/a.py"], {"/r/in": ["a.py"]}),
        (["/r/registry.db-wal", "/r/\udcff"], {}),
        ([f"/r/{n}.py" for n in range(501)], {"/r": [""]}),
    ],
)
def test_what_is_looked_at_again(paths: list[str], scopes: dict[str, list[str]]) -> None:
    assert _scopes(["/r", "/r/in"], paths, "/r/registry.db") == scopes


def test_links_lead_back_to_the_folder_itself_and_never_out_of_the_tree(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    (root / "src").mkdir(parents=True)
    (root / "up").symlink_to(tmp_path)
    changed = [f"{root}/up/tree/src/a.py", f"{root}/up/registry.db-wal", f"{root}/up/b.py"]
    assert _scopes([str(root)], changed, str(tmp_path / "registry.db")) == {str(root): ["src/a.py"]}


class Watched:
    """A watch in a thread, and what it says."""

    def __init__(self, vault: Vault) -> None:
        self.said: queue.Queue[Report | str] = queue.Queue()
        self._stop = threading.Event()
        put = self.said.put
        self._thread = threading.Thread(
            target=watch,
            args=(vault.registry, [vault.tree], Options(), put, put, self._stop),
        )
        self._thread.start()

    def next(self) -> Report | str:
        return self.said.get(timeout=30)

    def until(self, vault: Vault, query: str, found: list[str]) -> None:
        while vault.found(query) != found:
            self.next()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=30)
        assert not self._thread.is_alive()


@pytest.fixture
def watched(vault: Vault) -> Iterator[Watched]:
    vault.write("a.py", "def one(): ...\n")
    found = Watched(vault)
    assert isinstance(found.next(), Report)
    yield found
    found.stop()


def test_changes_are_indexed_as_they_come(vault: Vault, watched: Watched) -> None:
    vault.write("b.py", "def fresh_thing(): ...\n")
    watched.until(vault, "fresh_thing", ["b.py"])
    (vault.tree / "b.py").rename(vault.tree / "c.py")
    watched.until(vault, "fresh_thing", ["c.py"])
    (vault.tree / "c.py").unlink()
    watched.until(vault, "fresh_thing", [])


def test_a_link_to_the_folder_above_hides_nothing(vault: Vault, watched: Watched) -> None:
    (vault.tree / "up").symlink_to(vault.tree.parent)
    watched.next()
    vault.write("late.py", "def come_late(): pass")
    watched.until(vault, "come_late", ["late.py"])


def test_a_burst_and_a_removed_root_are_survived(vault: Vault, watched: Watched) -> None:
    for number in range(1500):
        vault.write(f"branch/{number}.py", f"def burst_{number}(): ...\n")
    watched.until(vault, "burst_1499", ["branch/1499.py"])

    shutil.rmtree(vault.tree)
    while not (isinstance(said := watched.next(), str) and "waiting" in said):
        pass
    vault.write("back.py", "def back_again(): ...\n")
    watched.until(vault, "back_again", ["back.py"])
    assert vault.found("burst_7") == []
