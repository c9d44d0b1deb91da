"""Rows as they go into the database and come back."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from tests.telemetry.exchanges import PRICE, flow
from tokenpak import _sqlite
from tokenpak.telemetry import store
from tokenpak.telemetry.events import Row, row
from tokenpak.telemetry.store import MIGRATIONS, VERSION


def test_a_row_comes_back_as_it_was_written(tmp_path: Path) -> None:
    written = [row(flow(started=2.0), PRICE), row(flow(started=1.0, usage=None, model=None), None)]
    connection = store.open_telemetry(tmp_path / "t.db")
    store.insert(connection, written)
    assert list(store.after(connection, 0)) == [(1, written[0]), (2, written[1])]
    assert list(store.after(connection, 1)) == [(2, written[1])]
    connection.close()


def test_a_batch_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    connection = store.open_telemetry(tmp_path / "t.db")
    with pytest.raises(OverflowError):
        store.insert(connection, [row(flow(), None), row(flow(body_bytes=2**80), None)])
    assert list(store.after(connection, 0)) == []
    connection.close()


def test_the_row_has_a_field_for_every_column(tmp_path: Path) -> None:
    connection = store.open_telemetry(tmp_path / "t.db")
    columns = [line[1] for line in connection.execute("PRAGMA table_info(requests)")]
    assert columns == ["id", *(each.name for each in fields(Row))]
    connection.close()


@pytest.mark.parametrize("version", range(VERSION))
def test_a_database_of_an_earlier_version_is_brought_up_to_date(
    tmp_path: Path, version: int
) -> None:
    _sqlite.open_store(tmp_path / "t.db", MIGRATIONS[:version]).close()
    store.open_telemetry(tmp_path / "t.db").close()
    with store.reading(tmp_path / "t.db") as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_rows_of_version_1_stay_and_say_nothing_of_what_was_not_known(tmp_path: Path) -> None:
    old = _sqlite.open_store(tmp_path / "t.db", MIGRATIONS[:1])
    written = row(flow(), PRICE)
    names = [line[1] for line in old.execute("PRAGMA table_info(requests)")][1:]
    places = ", ".join("?" * len(names))
    old.execute(
        f"INSERT INTO requests ({', '.join(names)}) VALUES ({places})",
        [getattr(written, name) for name in names],
    )
    old.close()

    connection = store.open_telemetry(tmp_path / "t.db")
    assert list(store.after(connection, 0)) == [(1, replace(written, cost_unpacked_usd=None))]
    connection.close()
