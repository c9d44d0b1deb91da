"""Processes that parse."""

from __future__ import annotations

import multiprocessing
from collections import deque
from pathlib import Path

import pytest

from tokenpak.vault import pool
from tokenpak.vault.parsing import Job, Parsed


def tree(folder: Path, number: int) -> list[Job]:
    for each in range(number):
        (folder / f"{each}.py").write_text(f"def f{each}(): ...\n")
    return [Job(f"{each}.py", None) for each in range(number)]


@pytest.mark.parametrize("workers", [1, 2])
def test_every_job_is_done_once(tmp_path: Path, workers: int) -> None:
    jobs = tree(tmp_path, pool.MIN_FILES)

    done = list(pool.parse_all(str(tmp_path), jobs, (), True, workers))

    assert sorted(each.path for each in done) == sorted(each.path for each in jobs)
    assert all(each.columns is not None for each in done)


def test_few_files_need_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_Worker", lambda *a: pytest.fail("started"))

    assert len(list(pool.parse_all(str(tmp_path), tree(tmp_path, 3), (), True, 8))) == 3


def test_a_killed_process_costs_nothing_but_time(tmp_path: Path) -> None:
    jobs = tree(tmp_path, pool.MIN_FILES * 2)
    results = pool.parse_all(str(tmp_path), jobs, (), True, 2)
    first = next(results)
    multiprocessing.active_children()[0].kill()

    done: list[Parsed] = [first, *results]

    assert sorted(each.path for each in done) == sorted(each.path for each in jobs)
    assert {each.reason for each in done} == {None}


def test_processes_end_when_nobody_wants_more(tmp_path: Path) -> None:
    results = pool.parse_all(str(tmp_path), tree(tmp_path, pool.MIN_FILES), (), True, 2)
    next(results)
    results.close()  # type: ignore[attr-defined]

    assert list(results) == []


def test_a_file_that_kills_its_parser_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = tree(tmp_path, 4)

    class Crew:
        """Workers that die of one file."""

        def __init__(self, *again: object) -> None:
            self._jobs: list[Job] = []

        def give(self, chunks: deque[list[Job]]) -> None:
            self._jobs = chunks.popleft()

        def take(self) -> list[Parsed] | None:
            done = [Parsed(job.path, None) for job in self._jobs]
            return None if "2.py" in {job.path for job in self._jobs} else done

        def stop(self) -> None:
            """Nothing to end."""

    monkeypatch.setattr(pool, "_Worker", Crew)

    found = {each.path: each.reason for each in pool._rescued(("", (), True), jobs)}

    assert found == {"0.py": None, "1.py": None, "2.py": "its parser crashed", "3.py": None}
