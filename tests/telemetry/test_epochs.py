"""What an epoch costs and returns, against the simulated cache of a provider."""

from __future__ import annotations

import json

import pytest

from tests import recorded
from tests.telemetry.exchanges import PRICE, usage
from tests.telemetry.talk import Talk
from tokenpak.compression import epochs as packing
from tokenpak.flow import Epoch
from tokenpak.telemetry.epochs import EpochEntry, cost_usd, enter, returns_usd
from tokenpak.telemetry.events import Row, row

SUM = Epoch(parts=40, first=10, freed=5000, rewritten=9000, why="sum")


def rows(pipeline: str) -> list[Row]:
    talk = Talk(recorded.adapter_name("codex"), pipeline=pipeline)
    found = []
    for upto in recorded.turns("codex"):
        entry = talk.send(recorded.body("codex", upto))
        found.append(row(talk.flow, PRICE, entry))
    return found


def paid(rows: list[Row]) -> float:
    return sum(each.cost_usd or 0 for each in rows)


def test_cost_and_returns_tell_what_epochs_changed_on_the_bill(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_epochs = rows("ultra")
    monkeypatch.setattr(packing, "due", lambda *args, **more: None)
    without = rows("ultra")

    began = [each for each in with_epochs if each.epoch_why]
    returned = sum(sum(json.loads(each.epoch_returns).values()) for each in with_epochs)
    cost = sum(each.epoch_cost_usd or 0 for each in began)
    assert began and cost
    assert cost - returned == pytest.approx(paid(with_epochs) - paid(without), rel=0.1)


def test_what_was_freed_has_not_to_be_told_again() -> None:
    assert enter("r", (SUM,), (), 1.0, 12_000, cold=False).again == 7000
    assert enter("r", (SUM,), (), 1.0, 50_000, cold=False).again == 9000
    assert enter("r", (SUM,), (), 1.0, 1_000, cold=False).again == 0


def test_without_reported_reads_all_that_was_rewritten_counts() -> None:
    assert enter("r", (SUM,), (), 2.0, None, cold=False).again == 18_000


def test_a_rewrite_is_free_where_nothing_was_cached() -> None:
    assert enter("r", (SUM,), (), 1.0, 12_000, cold=True).again == 0


def test_an_epoch_spares_every_later_turn_what_it_freed() -> None:
    first = enter("r1", (SUM,), (), 1.0, 14_000, cold=False)
    later = enter("r9", (), first.open, 1.0, None, cold=False)

    read = usage(20_000, cache_read_tokens=19_000, cache_write_tokens=1_000)
    assert cost_usd(first, read, PRICE.base) == pytest.approx(9000 * 11.5 / 1e6)
    assert returns_usd(later, read, PRICE.base) == {"r1": pytest.approx(5000 * 1.0 / 1e6)}
    assert returns_usd(later, usage(20_000), PRICE.base) == {"r1": pytest.approx(0.05)}
    assert later.began == () and cost_usd(later, read, PRICE.base) == 0


def test_nothing_is_told_of_conversations_without_epochs() -> None:
    assert returns_usd(EpochEntry(), usage(), PRICE.base) == {}


def test_an_epoch_counts_once_though_its_request_is_sent_again() -> None:
    talk = Talk(recorded.adapter_name("codex"), pipeline="ultra")
    for upto in recorded.turns("codex"):
        entry = talk.send(recorded.body("codex", upto))
        if entry.epochs.began:
            break

    again = talk.send(recorded.body("codex", upto))

    assert entry.epochs.began and again.epochs.began == ()
    assert again.epochs.open == entry.epochs.open and again.epochs.again == 0
