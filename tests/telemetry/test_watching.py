from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.telemetry.exchanges import PRICE, flow
from tokenpak.telemetry import collector, store
from tokenpak.telemetry.events import row
from tokenpak.telemetry.watching import TelemetryCollector

EVENT = {"tokens_in": 100, "tokens_out": 10, "savings_cache_tokens": 50, "cost_usd": 0.5}


def line(**fields: Any) -> str:
    return json.dumps(fields) + "\n"


def test_adds_up_what_it_is_given() -> None:
    found = TelemetryCollector([])
    found.ingest(EVENT)
    found.ingest({"tokens_in": 1, "savings_tokens": 7, "savings_cost": 0.25, "model": None})

    assert found.summary() == {
        "events": 2, "rejected": 0, "cache_hits": 1, "tokens_in": 101, "tokens_out": 10,
        "savings_tokens": 7, "savings_cost": 0.25, "cost_usd": 0.5,
    }  # fmt: skip
    assert found.events[0] == EVENT


@pytest.mark.parametrize(
    ("event", "error"),
    [
        ("x", TypeError),
        ({"tokens_in": "5"}, ValueError),
        ({"tokens_in": True}, ValueError),
        ({"cost_usd": float("inf")}, ValueError),
    ],
)
def test_what_is_no_event_is_refused(event: Any, error: type[Exception]) -> None:
    found = TelemetryCollector([])

    with pytest.raises(error):
        found.ingest(event)
    assert found.summary()["events"] == 0


def test_lines_are_taken_once_and_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    found = TelemetryCollector([file])
    assert found.collect() == 0

    file.write_text(line(tokens_in=1) + line(tokens_in=2) + '{"tokens_in": 4', encoding="utf-8")
    assert [found.collect(), found.collect()] == [2, 0]
    with open(file, "a", encoding="utf-8") as stream:
        stream.write("}\nbroken\n[]\n\n")
    assert found.collect() == 1
    assert found.summary()["tokens_in"] == 7
    assert found.summary()["rejected"] == 2


def test_a_file_that_was_emptied_begins_anew(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    found = TelemetryCollector([file])
    file.write_text(line(tokens_in=1000) * 3, encoding="utf-8")
    found.collect()
    file.write_text(line(tokens_in=1), encoding="utf-8")

    assert found.collect() == 1


def test_a_folder_stands_for_the_files_in_it(tmp_path: Path) -> None:
    found = TelemetryCollector([])
    found.watch(tmp_path)
    for name in ("a.jsonl", "b.jsonl", "c.txt"):
        (tmp_path / name).write_text(line(tokens_in=1), encoding="utf-8")

    assert found.collect() == 2


def test_rows_of_the_proxy_are_events(tmp_path: Path) -> None:
    connection = store.open_telemetry(tmp_path / "telemetry.db")
    found = TelemetryCollector([tmp_path / "telemetry.db", tmp_path / "none.db"])
    store.insert(connection, [row(flow(), PRICE)] * 2)
    assert [found.collect(), found.collect()] == [2, 0]
    store.insert(connection, [row(flow(), PRICE)])
    connection.close()

    assert found.collect() == 1
    assert found.events[0]["model"] == "claude-test"
    assert found.summary()["savings_tokens"] == 900


def test_a_damaged_database_holds_up_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"no database" * 500)
    (tmp_path / "b.jsonl").write_text(line(tokens_in=1), encoding="utf-8")

    assert TelemetryCollector([tmp_path]).collect() == 1


def test_without_paths_the_proxy_s_database_is_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path))

    assert TelemetryCollector().paths == [tmp_path / "telemetry.db"]


def test_watches_until_it_is_stopped(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    seen = threading.Event()
    found = TelemetryCollector([file], interval_s=0.01, on_event=lambda event: seen.set())
    with found:
        found.start()
        file.write_text(line(tokens_in=1), encoding="utf-8")
        assert seen.wait(20)
        with open(file, "a", encoding="utf-8") as stream:
            stream.write(line(tokens_in=2))

    assert found.summary()["tokens_in"] == 3
    assert [each for each in threading.enumerate() if each.name == "collector"] == []


def test_only_the_last_events_are_held() -> None:
    found = TelemetryCollector([], max_events=2)
    for at in range(5):
        found.ingest({"tokens_in": at})

    assert [each["tokens_in"] for each in found.events] == [3, 4]
    assert found.summary()["events"] == 5


def test_it_has_its_published_address() -> None:
    assert collector.TelemetryCollector is TelemetryCollector
