from __future__ import annotations

import json
import sqlite3
import stat
from pathlib import Path

import pytest

from tests.calls import said, shell
from tokenpak.canonical import Part
from tokenpak.compression import fingerprint
from tokenpak.compression.body import Compressor
from tokenpak.compression.decisions import Decisions
from tokenpak.settings import load
from tokenpak.wire import get_adapter

TTL = 300.0


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def conversation(turns: int, first: str = "Go.") -> list[Part]:
    parts = [said("user", first)]
    for i in range(turns):
        of = shell("make", f"unit {i}")
        assert of.call is not None
        parts += [said("assistant", f"Next {i}."), of.call, of]
    return parts


def ask(store: Decisions, parts: list[Part], ttl: float | None = TTL) -> frozenset[int]:
    return store.cold(parts, fingerprint.digests(parts), ttl)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock):
    with_file = Decisions(tmp_path / "decisions.db", clock)
    yield with_file
    with_file.close()


def decided(store: Decisions, clock: Clock, turns: int = 4) -> list[Part]:
    """A conversation with a decision at its end."""
    ask(store, conversation(turns - 1))
    clock.now += TTL * 2
    assert ask(store, conversation(turns)) == {len(conversation(turns))}
    return conversation(turns)


def test_a_conversation_that_goes_on_in_time_has_no_decision(store, clock):
    for turns in range(1, 5):
        assert ask(store, conversation(turns)) == frozenset()
        clock.now += TTL * 0.9


@pytest.mark.parametrize(("idle", "cold"), [(TTL, False), (TTL * 1.05, False), (TTL * 1.2, True)])
def test_a_decision_is_taken_once_the_cache_has_surely_gone(store, clock, idle, cold):
    ask(store, conversation(2))
    clock.now += idle
    assert bool(ask(store, conversation(3))) is cold


def test_a_conversation_seen_for_the_first_time_is_not_cold(store):
    assert ask(store, conversation(30)) == frozenset()


def test_a_decision_is_held_to_by_whatever_goes_on_from_there(store, clock):
    parts = decided(store, clock)
    assert ask(store, parts) == ask(store, conversation(9)) == {len(parts)}


def test_a_rewound_conversation_is_not_affected_and_another_branch_neither(store, clock):
    parts = decided(store, clock)
    assert ask(store, parts[:-1]) == frozenset()
    assert ask(store, [*parts[:-1], shell("make", "other"), *parts[:3]]) == frozenset()
    assert ask(store, conversation(9, "Stop.")) == frozenset()


def test_asking_again_decides_nothing_new(store, clock):
    parts = decided(store, clock)
    clock.now += TTL * 0.5
    assert [ask(store, parts) for _ in range(3)] == [{len(parts)}] * 3
    clock.now += TTL * 2
    assert ask(store, parts) == {len(parts)}


def test_another_worker_and_a_restart_see_the_decision(store, clock, tmp_path):
    parts = decided(store, clock)
    other = Decisions(tmp_path / "decisions.db", clock)
    assert ask(other, parts) == {len(parts)}
    other.close()


def test_of_two_workers_at_once_one_decides(store, clock, tmp_path):
    other = Decisions(tmp_path / "decisions.db", clock)
    ask(store, conversation(2))
    ask(other, conversation(2))
    clock.now += TTL * 2
    assert (len(ask(store, conversation(3))), ask(other, conversation(4))) == (
        1,
        frozenset({len(conversation(3))}),
    )
    other.close()


def test_a_provider_without_a_cache_is_never_cold_and_nothing_is_written(store, clock):
    for turns in (2, 3):
        assert ask(store, conversation(turns), None) == frozenset()
        clock.now += 1e6
    assert ask(store, conversation(4)) == frozenset()


def test_the_file_is_private_and_holds_no_word(store, clock, tmp_path):
    decided(store, clock)
    store.close()
    file = tmp_path / "decisions.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"unit" not in file.read_bytes() and b"Next" not in file.read_bytes()


def test_while_another_writes_nothing_is_decided_and_old_decisions_hold(store, clock, tmp_path):
    parts = decided(store, clock)
    clock.now += TTL * 2
    with sqlite3.connect(tmp_path / "decisions.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert ask(store, conversation(6)) == {len(parts)}
        other.execute("ROLLBACK")
    other.close()


def test_on_a_full_disk_no_decision_is_taken_and_earlier_ones_hold(store, clock):
    names = [f"Conversation {i}." for i in range(150)]
    for name in names:
        ask(store, conversation(2, name))
    connection = store._connection
    assert connection is not None
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    clock.now += TTL * 2
    first = [ask(store, conversation(3, name)) for name in names]
    assert {len(each) for each in first} == {0, 1}
    held = [ask(store, conversation(4, name)) for name in names[:20]]
    assert held == first[:20] != [frozenset()] * 20


def test_without_a_place_to_write_requests_go_on(tmp_path, clock):
    (tmp_path / "file").write_text("in the way")
    store = Decisions(tmp_path / "file" / "decisions.db", clock)
    assert ask(store, conversation(3)) == frozenset()


def test_conversations_of_long_ago_are_forgotten(store, clock, tmp_path):
    parts = decided(store, clock)
    store.close()
    clock.now += 100 * 86400
    assert ask(store, parts) == frozenset()


def body(turns: int) -> bytes:
    messages: list[object] = [{"role": "user", "content": "Go."}]
    for i in range(turns):
        use = {"type": "tool_use", "id": f"t{i}", "name": "Bash", "input": {"command": "rg x"}}
        text = "\n".join(f"src/m{n}.py:{n}: step {i * n * 7919 % 9973}" for n in range(60))
        messages += [
            {"role": "assistant", "content": [use]},
            {
                "role": "user",
                "content": [{"type": "tool_result", "tool_use_id": f"t{i}", "content": text}],
            },
        ]
    return json.dumps({"model": "claude-opus-4-5", "messages": messages}).encode()


def compressor(home: Path, clock: Clock) -> tuple[Compressor, Decisions]:
    store = Decisions(home / "decisions.db", clock)
    return Compressor(load({}, home=home, mode="aggressive"), decisions=store), store


def test_after_a_pause_a_request_is_rewritten_and_all_workers_send_the_same(tmp_path, clock):
    adapter = get_adapter("anthropic")
    (one, first), (two, second) = (compressor(tmp_path, clock) for _ in range(2))
    before = one.pack(adapter, "", body(20))
    clock.now += TTL * 2
    cold = one.pack(adapter, "", body(21))
    assert [each.why for each in cold.epochs] == ["cold"] and not before.epochs
    assert len(cold.body) < len(one.pack(adapter, "", body(20)).body)
    assert two.pack(adapter, "", body(21)).body == cold.body
    assert two.pack(adapter, "", body(23)).body == one.pack(adapter, "", body(23)).body
    assert one.pack(adapter, "", body(20)).body == before.body
    assert one.pack(adapter, "", body(22)).epochs == ()
    first.close()
    second.close()


def test_modes_without_epochs_ask_for_no_decision(tmp_path, clock):
    one, store = compressor(tmp_path, clock)
    one.pack(get_adapter("anthropic"), "", body(20), "pack")
    assert not (tmp_path / "decisions.db").exists()
    store.close()


def test_a_server_that_runs_for_long_forgets_as_well(store, clock, tmp_path):
    decided(store, clock)
    clock.now += 100 * 86400
    ask(store, conversation(2, "Another."))
    rows = sqlite3.connect(tmp_path / "decisions.db").execute(
        "SELECT (SELECT count(*) FROM conversations), (SELECT count(*) FROM decisions)"
    )
    assert rows.fetchone() == (1, 0)
