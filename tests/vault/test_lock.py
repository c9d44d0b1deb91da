"""One writer at a time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tokenpak.errors import StoreError
from tokenpak.vault.lock import sole_writer


def test_a_second_writer_waits_and_is_told_for_whom(tmp_path: Path) -> None:
    index, told = tmp_path / "registry.db", []
    first = sole_writer(index)
    first.__enter__()
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            first.__exit__(None, None, None)

    with sole_writer(index, 9.0, told.append, nap):
        assert told == [str(os.getpid())]
    assert len(naps) == 3


def test_a_second_writer_gives_up_in_the_end(tmp_path: Path) -> None:
    index = tmp_path / "registry.db"

    with (
        sole_writer(index),
        pytest.raises(StoreError, match=f"another indexer \\(process {os.getpid()}\\)"),
        sole_writer(index, 0.2, sleep=lambda _: None),
    ):
        pass


def test_the_lock_is_free_afterwards_also_after_an_error(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(KeyError), sole_writer(tmp_path / "registry.db", 0.0):
            raise KeyError
