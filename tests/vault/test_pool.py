"""Processes that parse."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from pathlib import Path

import pytest

from tokenpak.errors import StoreError
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


def test_a_killed_process_costs_nothing_but_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = tree(tmp_path, pool.MIN_FILES * 2)
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *args: object, **options: object) -> None:
            super().__init__(*args, **options)  # type: ignore[call-overload]
            started.append(self)

    monkeypatch.setattr(pool.subprocess, "Popen", Noted)
    results = pool.parse_all(str(tmp_path), jobs, (), True, 2)
    first = next(results)
    started[0].kill()

    done: list[Parsed] = [first, *results]

    assert sorted(each.path for each in done) == sorted(each.path for each in jobs)
    assert {each.reason for each in done} == {None}


def test_an_interrupt_of_the_terminal_reaches_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups: list[int] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *args: object, **options: object) -> None:
            super().__init__(*args, **options)  # type: ignore[call-overload]
            groups.append(os.getpgid(self.pid))

    monkeypatch.setattr(pool.subprocess, "Popen", Noted)

    list(pool.parse_all(str(tmp_path), tree(tmp_path, pool.MIN_FILES), (), True, 2))

    assert len(groups) == 2
    assert os.getpgrp() not in groups


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

        started = True

        def __init__(self, start: object, done: pool._Done) -> None:
            self._done = done

        def give(self, chunks: deque[list[Job]]) -> None:
            jobs = chunks.popleft()
            dies = "2.py" in {job.path for job in jobs}
            parsed = None if dies else [Parsed(job.path, None) for job in jobs]
            self._done.put((self, parsed))  # type: ignore[arg-type]

        def stop(self) -> None:
            """Nothing to end."""

    monkeypatch.setattr(pool, "_Worker", Crew)

    found = {each.path: each.reason for each in pool._rescued(("", (), True), jobs)}

    assert found == {"0.py": None, "1.py": None, "2.py": "its parser crashed", "3.py": None}


def test_a_script_without_a_guard_may_index(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    tree(tmp_path / "tree", pool.MIN_FILES)
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from tokenpak.vault.indexer import Options, index\n"
        "print('once')\n"
        "print(index(Path('registry.db'), Path('tree'), Options(workers=2)).files)\n"
    )

    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )

    assert (done.stdout.split(), done.stderr) == (["once", str(pool.MIN_FILES)], "")


def test_says_what_to_do_where_no_process_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_CHILD", "raise SystemExit(7)")
    jobs = tree(tmp_path, pool.MIN_FILES)

    with pytest.raises(StoreError, match="with code 7; index with one process: --workers 1"):
        list(pool.parse_all(str(tmp_path), jobs, (), True, 2))


def test_what_a_parser_prints_does_not_get_among_the_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loud = "from tokenpak.vault import pool; parse = pool.parse\n"
    loud += "pool.parse = lambda *a: (print('x' * 9999, flush=True), parse(*a))[1]\npool.serve()"
    monkeypatch.setattr(pool, "_CHILD", loud)
    jobs = tree(tmp_path, pool.MIN_FILES)

    done = list(pool.parse_all(str(tmp_path), jobs, (), True, 2))

    assert sorted(each.path for each in done) == sorted(each.path for each in jobs)
