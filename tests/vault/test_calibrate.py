"""How many processes index fastest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tokenpak.errors import StoreError
from tokenpak.vault import calibrate
from tokenpak.vault.calibrate import Calibration, Trial
from tokenpak.vault.pool import MIN_FILES


def trial(workers: int, duration_s: float) -> Trial:
    return Trial(workers, duration_s, 100 / duration_s)


@pytest.mark.parametrize(
    ("durations", "workers"),
    [
        ([4.0], 1),
        ([4.0, 2.0, 1.8], 4),
        ([4.0, 2.0, 1.95], 2),
        ([1.0, 1.2], 1),
        ([4.0, 3.9, 3.0], 4),
    ],
)
def test_the_fewest_processes_that_are_not_clearly_beaten_are_best(
    durations: list[float], workers: int
) -> None:
    trials = [trial(2**n, duration) for n, duration in enumerate(durations)]

    assert calibrate.best(trials).workers == workers


def test_measures_until_more_does_not_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(MIN_FILES):
        (tmp_path / f"{number}.py").touch()
    times = {1: 4.0, 2: 2.0, 4: 2.1, 8: 1.0}
    monkeypatch.setattr(calibrate, "_duration", lambda root, jobs, workers: times[workers])

    found = calibrate.calibrate(tmp_path, 8)

    assert (found.workers, found.files) == (2, MIN_FILES)
    assert [each.workers for each in found.trials] == [1, 2, 4]
    assert [each.workers for each in calibrate.calibrate(tmp_path, 3).trials] == [1, 2]


def test_a_real_sample_is_parsed(tmp_path: Path) -> None:
    for number in range(MIN_FILES):
        (tmp_path / f"{number}.py").touch()

    assert calibrate.calibrate(tmp_path, 1).trials[0].files_per_s > 0


def test_too_few_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="too few"):
        calibrate.calibrate(tmp_path)


def test_what_was_found_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "home" / "calibration.json"
    cpus = os.cpu_count() or 1
    calibrate.save(Calibration(3, 9, cpus, (trial(3, 1.0),)), path)

    assert calibrate.workers(path) == 3
    assert [file.name for file in path.parent.iterdir()] == ["calibration.json"]


@pytest.mark.parametrize("text", [None, "", "{}", '{"workers": 99}', "[]"])
def test_without_a_calibration_each_cpu_gets_a_process(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "calibration.json"
    if text is not None:
        path.write_text(text)

    assert calibrate.workers(path) == min(os.cpu_count() or 1, 8)


def test_a_calibration_of_another_machine_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    calibrate.save(Calibration(33, 9, (os.cpu_count() or 1) + 1, ()), path)

    assert calibrate.workers(path) == min(os.cpu_count() or 1, 8)
