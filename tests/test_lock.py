from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from tokenpak._lock import held
from tokenpak.errors import StoreError


def test_who_comes_second_waits_until_the_first_is_done(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    first = held(path)
    first.__enter__()
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            first.__exit__(None, None, None)

    with held(path, 9.0, nap):
        assert len(naps) == 3
    assert oct((tmp_path / "new").stat().st_mode)[-3:] == "700"


def test_who_waits_in_vain_gives_up_and_says_for_what(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with held(path), pytest.raises(StoreError, match="file: another process"):
        held(path, 0.1, lambda _: None).__enter__()


def test_the_lock_is_free_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError), held(tmp_path / "file"):
        raise KeyError
    with held(tmp_path / "file", 0.0):
        pass


def test_nothing_is_left_of_a_lock(tmp_path: Path) -> None:
    with held(tmp_path / "file"):
        assert [each.name for each in tmp_path.iterdir()] == ["file.lock"]
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_a_file_that_was_taken_away_is_worth_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = held(tmp_path / "file")
    first.__enter__()
    opened = os.open

    def just_before_the_end(path: Path, *how: int) -> int:
        descriptor = opened(path, *how)
        first.__exit__(None, None, None)
        monkeypatch.setattr(os, "open", opened)
        return descriptor

    monkeypatch.setattr(os, "open", just_before_the_end)
    with held(tmp_path / "file", 9.0, lambda _: None):
        with pytest.raises(StoreError):
            held(tmp_path / "file", 0.0).__enter__()


def test_only_one_of_many_threads_is_within_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "number"
    path.write_text("0")

    def add() -> None:
        for _ in range(50):
            with held(path, 60.0):
                path.write_text(str(int(path.read_text()) + 1))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert path.read_text() == "200"
