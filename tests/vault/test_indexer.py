"""Bringing the index up to date."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vault.trees import Vault
from tokenpak.errors import StoreError
from tokenpak.vault import indexer, parsing
from tokenpak.vault.indexer import Options, index, update
from tokenpak.vault.lock import sole_writer


def counts(report: indexer.Report) -> tuple[int, ...]:
    return report.new, report.changed, report.renamed, report.removed, report.unchanged


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexer, "_TICK_NS", -(10**18))


def test_only_what_changed_is_worked_on(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.py", "b.py", "c.py", "d.py"):
        vault.write(name, f"def {name[0] * 4}(): ...\n")
    assert counts(vault.index()) == (4, 0, 0, 0, 0)

    vault.write("a.py", "def changed(): ...\n")
    (vault.tree / "b.py").rename(vault.tree / "moved.py")
    (vault.tree / "c.py").unlink()
    vault.write("e.py", "def fresh(): ...\n")
    read: list[str] = []
    whole = parsing.outline
    monkeypatch.setattr(
        parsing, "outline", lambda text, kind, exact: (read.append(text), whole(text, kind))[1]
    )
    assert counts(vault.index()) == (1, 1, 1, 1, 1)

    assert sorted(read) == ["def changed(): ...\n", "def fresh(): ...\n"]
    assert vault.found("bbbb") == ["moved.py"]
    assert vault.found("moved") == ["moved.py"]
    assert [vault.found(each) for each in ("aaaa", "cccc", "fresh")] == [[], [], ["e.py"]]


def test_an_untouched_file_is_not_even_read(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, ticks: None
) -> None:
    vault.write("a.py")
    vault.write("b.bin", "\0")
    vault.index()
    monkeypatch.setattr(parsing, "_read", lambda path: pytest.fail(f"read {path}"))

    report = vault.index()

    assert counts(report) == (0, 0, 0, 0, 1)
    assert report.skipped_by_reason == {"binary": 1}


def test_a_file_written_within_the_tick_is_read_again(vault: Vault) -> None:
    file = vault.write("a.py", "def one(): ...\n")
    vault.index()
    status = file.stat()
    vault.write("a.py", "def two(): ...\n")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    assert counts(vault.index()) == (0, 1, 0, 0, 0)
    assert vault.found("two") == ["a.py"]


def test_what_became_binary_or_ignored_is_taken_out(vault: Vault) -> None:
    vault.write("a.py", "def one(): ...\n")
    vault.write("b.py", "def two(): ...\n")
    vault.index()
    vault.write("a.py", "\0")
    vault.write(".gitignore", "b.py")

    report = vault.index()

    assert {(each.path, each.reason) for each in report.skipped} == {
        ("a.py", "binary"),
        ("b.py", "ignored"),
    }
    assert vault.found("one two") == []


def test_a_copy_and_a_rename_across_types_are_read_anew(vault: Vault) -> None:
    vault.write("a.py", "def one(): ...\n")
    vault.index()
    for name in ("b.py", "c.py"):
        shutil.copy(vault.tree / "a.py", vault.tree / name)
    (vault.tree / "a.py").rename(vault.tree / "a.txt")

    report = vault.index()

    assert (report.new, report.renamed) == (2, 1)
    assert sorted(vault.found("one")) == ["b.py", "c.py"]


def test_a_folder_within_a_tree_belongs_to_it(vault: Vault) -> None:
    vault.write("sub/a.py", "def one(): ...\n")
    vault.index()
    vault.write("sub/b.py", "def two(): ...\n")
    vault.write("c.py", "def three(): ...\n")

    assert counts(index(vault.registry, vault.tree / "sub")) == (1, 0, 0, 0, 1)

    assert vault.query("SELECT count(*) FROM roots") == [(1,)]
    assert vault.found("two three") == ["sub/b.py"]


def test_a_folder_around_a_tree_takes_it_over(vault: Vault) -> None:
    vault.write("sub/a.py", "def one(): ...\n")
    index(vault.registry, vault.tree / "sub")
    vault.index()

    assert vault.query("SELECT path FROM roots") == [(str(vault.tree.resolve()),)]
    assert vault.found("one") == ["sub/a.py"]


def test_an_update_looks_at_nothing_else(vault: Vault) -> None:
    vault.write("a.py", "def one(): ...\n")
    vault.write("d/b.py", "def two(): ...\n")
    vault.index()
    vault.write("a.py", "def three(): ...\n")
    shutil.rmtree(vault.tree / "d")

    assert counts(update(vault.registry, vault.tree, ["d"])) == (0, 0, 0, 1, 0)
    assert (vault.found("one"), vault.found("two")) == (["a.py"], [])
    assert counts(update(vault.registry, vault.tree, ["a.py", "never.py"])) == (0, 1, 0, 0, 0)
    assert vault.found("three") == ["a.py"]


def test_a_folder_that_is_gone_keeps_its_index(vault: Vault) -> None:
    vault.write("a.py", "def one(): ...\n")
    vault.index()
    shutil.rmtree(vault.tree)

    with pytest.raises(StoreError, match="stays as it is"):
        vault.index()
    assert vault.found("one") == ["a.py"]


def test_two_indexers_do_not_meet(vault: Vault) -> None:
    with sole_writer(vault.registry), pytest.raises(StoreError, match="another indexer"):
        index(vault.registry, vault.tree, Options(patience_s=0.0))


def test_many_processes_give_what_one_gives(vault: Vault, tmp_path: Path) -> None:
    for number in range(320):
        vault.write(f"{number}.py", f"def number_{number}():\n    '''Counts {number}.'''\n")
    told: list[tuple[int, int]] = []
    vault.index(workers=2, progress=lambda done, total: told.append((done, total)))
    one = vault.listing()
    vault.registry.unlink()
    vault.index(workers=1)

    assert vault.listing() == one
    assert told[-1] == (320, 320)


def test_an_unreadable_file_is_reported_and_tried_again(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.write("a.py", "def one(): ...\n")
    with monkeypatch.context() as patch:
        patch.setattr(parsing, "_read", lambda path: None)
        assert vault.index().skipped_by_reason == {"changed while it was read": 1}

    assert vault.index().new == 1


def test_killed_at_any_instant_it_opens_and_goes_on(vault: Vault) -> None:
    for number in range(330):
        vault.write(f"{number}.py", f"def number_{number}(): ...\n")
    dice = random.Random(0)
    run = (sys.executable, "-m", "tokenpak", "index", str(vault.tree), "--workers", "2")
    home = {**os.environ, "TOKENPAK_HOME": str(vault.registry.parent)}
    for turn in range(8):
        for number in dice.sample(range(330), 320):
            vault.write(f"{number}.py", f"def number_{number}(): return {turn}\n")
        with subprocess.Popen(run, env=home, stdout=subprocess.DEVNULL) as process:
            try:
                process.wait(dice.uniform(0.1, 0.9))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        vault.check()
    vault.index()
    left = vault.listing()
    shutil.rmtree(vault.registry.parent)
    vault.index()

    assert vault.listing() == left
