"""Many files, several processes, and files that cannot be read."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests import recorded
from tests.simulate.recordings import write_json, write_lines
from tokenpak.settings import load
from tokenpak.simulate import run as module
from tokenpak.simulate.outcome import Figures, Outcome
from tokenpak.simulate.run import Done, replay_file, run

SETTINGS = load({}, mode="pack")
TURN = [{"role": "user", "content": "go"}, {"role": "assistant", "content": "ok"}]


def session(folder: Path, name: str) -> Path:
    path = folder / f"{name}.json"
    path.write_bytes(gzip.decompress((recorded.FOLDER / f"{name}.json.gz").read_bytes()))
    return path


def without_time(done: list[Done]) -> list[tuple[Path, list[Outcome]]]:
    return [
        (each.path, [replace(o, figures=replace(o.figures, ms=0)) for o in each.outcomes])
        for each in done
    ]


def test_processes_come_to_the_same_as_one(tmp_path: Path) -> None:
    paths = [session(tmp_path, name) for name in ("airline", "claude_code", "copilot")]

    one, two = (run(paths, SETTINGS, jobs=jobs) for jobs in (1, 2))

    assert without_time(one) == without_time(two)
    assert [each.path for each in one] == sorted(paths)


def test_each_file_is_told_as_it_is_done(tmp_path: Path) -> None:
    seen: list[Done] = []
    done = run([session(tmp_path, "airline")], SETTINGS, turns=2, on_done=seen.append)

    assert seen == done
    assert done[0].bytes == done[0].path.stat().st_size
    assert done[0].outcomes[0].figures.turns <= 4


INTERRUPTED = """
import os, signal, sys
from pathlib import Path
from tokenpak.settings import load
from tokenpak.simulate.run import run

paths = sorted(Path(sys.argv[1]).iterdir())
run(paths, load({}), jobs=2, on_done=lambda done: os.killpg(0, signal.SIGINT))
"""


def test_an_interrupt_of_all_processes_ends_them(tmp_path: Path) -> None:
    for number in range(6):
        session(tmp_path, "airline").rename(tmp_path / f"{number}.json")

    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, str(tmp_path)],
        start_new_session=True,
        capture_output=True,
        timeout=60,
    )

    assert ended.stderr.rstrip().endswith(b"KeyboardInterrupt")


@pytest.mark.parametrize(
    ("value", "why"),
    [({"name": "package"}, "not a transcript"), ({"format": "openai", "messages": []}, "no turn")],
)
def test_a_file_without_conversations_is_told(tmp_path: Path, value: object, why: str) -> None:
    done = replay_file(write_json(tmp_path / "x.json", value), SETTINGS)

    assert done.outcomes == []
    assert why in (done.skipped or "")


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    assert "No such file" in (replay_file(tmp_path / "x.json", SETTINGS).skipped or "")


def test_damaged_lines_do_not_hide_the_others(tmp_path: Path) -> None:
    lines = [{"type": each["role"], "uuid": "1", "message": each} for each in TURN]
    done = replay_file(write_lines(tmp_path / "s.jsonl", b"{", *lines, b"\xff"), SETTINGS)

    assert (done.damaged_lines, done.skipped) == (2, None)
    assert [each.figures.turns for each in done.outcomes] == [1]


def test_a_fault_of_ours_ends_one_file_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Outcome:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(module, "replay", fail)
    path = write_json(tmp_path / "s.json", {"messages": TURN})

    [done] = run([path], SETTINGS)

    assert done.skipped == "ZeroDivisionError: oops"


def ended(path: Path, **_: object) -> Done:
    os._exit(9)


def test_files_whose_process_was_ended_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "replay_file", ended)

    done = run([tmp_path / "a", tmp_path / "b"], SETTINGS, jobs=2)

    assert [each.skipped for each in done] == ["a process was ended from outside"] * 2


def test_the_second_conversation_of_a_file_is_numbered(tmp_path: Path) -> None:
    other = {"role": "user", "content": "other"}
    path = write_lines(tmp_path / "log.jsonl", {"messages": TURN}, {"messages": [other]})
    done = replay_file(path, SETTINGS)

    assert [each.name for each in done.outcomes] == ["log.jsonl", "log.jsonl #2"]
    assert sum((each.figures for each in done.outcomes), Figures()).conversations == 2
