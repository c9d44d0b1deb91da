"""The recorder: never in the way, never lost without being counted."""

from __future__ import annotations

import logging
import multiprocessing
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.telemetry.exchanges import PRICE, flow
from tokenpak import tokens
from tokenpak.errors import ConfigError, StoreError
from tokenpak.telemetry import calibration, collector, store
from tokenpak.telemetry.collector import Recorder
from tokenpak.telemetry.events import Row


def recorded(path: Path) -> list[Row]:
    with store.reading(path) as connection:
        return [each for _, each in store.after(connection, 0)]


class Switch:
    """Opens the database, except while it is off."""

    def __init__(self) -> None:
        self.on = False

    def __call__(self, path: Path) -> sqlite3.Connection:
        if not self.on:
            raise StoreError(f"{path}: damaged")
        return store.open_telemetry(path)


def no_price(*_: object) -> None:
    return None


def test_what_was_recorded_is_in_the_database_after_a_flush(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "t.db", price_of=lambda model, day: PRICE)
    recorder.record(flow())
    assert recorder.flush()
    [row] = recorded(tmp_path / "t.db")
    assert (row.model, row.tokens_saved, row.saved_by, row.price_date, row.stream) == (
        "claude-test",
        300,
        '{"dedup": 200, "gutter": 100}',
        "2026-11-21",
        True,
    )
    assert recorder.close()


@pytest.mark.parametrize(
    ("batch_s", "exchanges"), [(0.001, 1), (3600.0, collector.BATCH_ROWS + 1)], ids=["time", "rows"]
)
def test_a_batch_is_written_unasked_when_it_is_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch_s: float, exchanges: int
) -> None:
    monkeypatch.setattr(collector, "BATCH_S", batch_s)
    written = threading.Event()

    def connect(path: Path) -> sqlite3.Connection:
        written.set()
        return store.open_telemetry(path)

    recorder = Recorder(tmp_path / "t.db", price_of=no_price, connect=connect)
    for _ in range(exchanges):
        recorder.record(flow())
    assert written.wait(30)
    assert recorder.close()


def test_everyone_who_waits_for_the_writer_is_told(tmp_path: Path) -> None:
    go_on = threading.Event()

    def connect(path: Path) -> sqlite3.Connection:
        go_on.wait(30)
        return store.open_telemetry(path)

    recorder = Recorder(tmp_path / "t.db", price_of=no_price, connect=connect)
    told: list[bool] = []
    waiting = [threading.Thread(target=lambda: told.append(recorder.flush(30.0))) for _ in range(3)]
    recorder.record(flow())
    for thread in waiting:
        thread.start()
    recorder.record(flow())
    go_on.set()
    for thread in waiting:
        thread.join()
    assert told == [True] * 3
    assert recorder.close()


def test_closing_writes_what_waits(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "t.db", price_of=no_price)
    for _ in range(2500):
        recorder.record(flow())
    assert recorder.close()
    assert (len(recorded(tmp_path / "t.db")), recorder.dropped) == (2500, 0)


def test_many_threads_lose_nothing(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "t.db", price_of=no_price)
    threads = [
        threading.Thread(target=lambda: [recorder.record(flow()) for _ in range(250)])
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert recorder.close()
    assert (len(recorded(tmp_path / "t.db")), recorder.dropped) == (2000, 0)


def record_many(path: Path, number: int) -> None:
    recorder = Recorder(path, price_of=no_price)
    for _ in range(number):
        recorder.record(flow())
        recorder.flush()
    assert recorder.close(), recorder.error


def test_processes_share_a_database(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=record_many, args=(tmp_path / "t.db", 40)) for _ in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert len(recorded(tmp_path / "t.db")) == 80


def test_a_database_that_comes_back_gets_what_waited(tmp_path: Path) -> None:
    switch = Switch()
    recorder = Recorder(tmp_path / "t.db", price_of=no_price, connect=switch)
    recorder.record(flow())
    assert not recorder.flush()
    assert recorder.error and "damaged" in recorder.error
    switch.on = True
    assert recorder.flush()
    assert (recorder.error, recorder.dropped, len(recorded(tmp_path / "t.db"))) == (None, 0, 1)
    recorder.close()


@pytest.mark.parametrize("gone", ["moved", "deleted"])
def test_after_the_database_is_taken_away_a_new_one_gets_what_follows(
    tmp_path: Path, gone: str
) -> None:
    path = tmp_path / "t.db"
    recorder = Recorder(path, price_of=no_price)
    recorder.record(flow())
    assert recorder.flush()
    {"moved": lambda: path.rename(tmp_path / "old.db"), "deleted": path.unlink}[gone]()
    recorder.record(flow())
    recorder.record(flow())
    assert recorder.flush()
    assert len(recorded(path)) == 2
    recorder.record(flow())
    assert recorder.close()
    assert len(recorded(path)) == 3


def test_a_database_that_is_moved_away_takes_along_what_it_had(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    recorder = Recorder(path, price_of=no_price)
    recorder.record(flow())
    assert recorder.flush()
    path.rename(tmp_path / "old.db")
    recorder.record(flow())
    assert recorder.close()
    assert (len(recorded(path)), len(recorded(tmp_path / "old.db"))) == (1, 1)


def test_what_exceeds_the_limit_is_counted(tmp_path: Path) -> None:
    switch = Switch()
    recorder = Recorder(tmp_path / "t.db", price_of=no_price, connect=switch, limit=10)
    for _ in range(50):
        recorder.record(flow())
    recorder.flush()
    switch.on = True
    assert recorder.close()
    rows = len(recorded(tmp_path / "t.db"))
    # One may be on its way from the queue to the batch while it is looked at.
    assert (rows in (10, 11), rows + recorder.dropped) == (True, 50)


def test_what_cannot_be_written_at_the_end_is_counted(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "t.db", price_of=no_price, connect=Switch())
    recorder.record(flow())
    assert not recorder.close()
    recorder.record(flow())
    assert recorder.dropped == 2


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda path: path.write_bytes(b"no database" * 500), "damaged .* mv "),
        (lambda path: newer(path), "newer TokenPak"),
        (lambda path: path.mkdir(), "cannot be used"),
    ],
    ids=["damaged", "newer", "folder"],
)
def test_a_database_that_cannot_be_used_is_explained_and_left_alone(
    tmp_path: Path, prepare: Callable[[Path], object], message: str
) -> None:
    path = tmp_path / "t.db"
    prepare(path)
    recorder = Recorder(path, price_of=no_price)
    recorder.record(flow())
    assert not recorder.flush()
    with pytest.raises(AssertionError, match=message):
        raise AssertionError(recorder.error)
    recorder.close()


def newer(path: Path) -> None:
    connection = store.open_telemetry(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def test_a_full_disk_is_explained_and_nothing_is_lost_when_there_is_room_again(
    tmp_path: Path,
) -> None:
    room = ["PRAGMA max_page_count = 12", "PRAGMA max_page_count = 100000"]

    def connect(path: Path) -> sqlite3.Connection:
        connection = store.open_telemetry(path)
        connection.execute(room.pop(0))
        return connection

    recorder = Recorder(tmp_path / "t.db", price_of=no_price, connect=connect)
    for _ in range(200):
        recorder.record(flow())
    assert not recorder.flush()
    assert recorder.error and "the disk is full" in recorder.error
    assert recorder.flush()
    assert len(recorded(tmp_path / "t.db")) == 200
    recorder.close()


def test_an_exchange_that_cannot_be_read_does_not_stop_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = Recorder(tmp_path / "t.db", price_of=no_price)
    with caplog.at_level(logging.CRITICAL):
        recorder.record(flow(path=None))
        recorder.record(flow())
        assert recorder.close()
    assert (len(recorded(tmp_path / "t.db")), recorder.dropped) == (1, 1)


def test_a_row_that_the_database_cannot_hold_does_not_hold_up_later_ones(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = Recorder(tmp_path / "t.db", price_of=no_price)
    with caplog.at_level(logging.CRITICAL):
        recorder.record(flow(body_bytes=2**80))
        recorder.flush()
    recorder.record(flow())
    assert recorder.close()
    assert (len(recorded(tmp_path / "t.db")), recorder.dropped) == (1, 1)


def test_wrong_prices_of_the_user_do_not_cost_the_row_and_are_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def wrong(*_: object) -> None:
        raise ConfigError("prices.json: wrong")

    recorder = Recorder(tmp_path / "t.db", price_of=wrong)
    for _ in range(3):
        recorder.record(flow())
    assert recorder.close()
    assert [each.cost_usd for each in recorded(tmp_path / "t.db")] == [None] * 3
    assert caplog.text.count("no costs are recorded until that is mended: prices.json") == 1


def test_factors_are_learned_on_the_way_and_known_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    recorder = Recorder(path, price_of=no_price)
    for turn in range(100):
        sent = 1000 * turn
        reported = flow().usage.__class__(input_tokens=9000 + 1400 * turn, output_tokens=1)
        recorder.record(
            flow(
                model="claude-learner-9",
                started=turn,
                tokens_raw=sent,
                saved_tokens=0,
                usage=reported,
            )
        )
    assert recorder.close()
    assert tokens.learned_factors()["claude-learner-9"] == pytest.approx(1.4)
    tokens.set_factor("claude-learner-9", None)
    calibration.load(path)
    assert tokens.learned_factors()["claude-learner-9"] == pytest.approx(1.4)
    tokens.set_factor("claude-learner-9", None)
