from __future__ import annotations

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
