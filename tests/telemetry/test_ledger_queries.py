"""What the ledger sums up to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.telemetry.exchanges import PLAIN_PRICE, PRICE, STARTED, flow, usage
from tokenpak.errors import StoreError
from tokenpak.telemetry import store
from tokenpak.telemetry.cost import Split
from tokenpak.telemetry.events import Row, row
from tokenpak.telemetry.ledger import Break, Entry
from tokenpak.telemetry.ledger_queries import Breaks, cache, savings

DAY = 86_400.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "t.db"


def write(path: Path, *rows: Row) -> None:
    connection = store.open_telemetry(path)
    store.insert(connection, rows)
    connection.close()


def entered(unpacked: float, broken: Break | None = None, **changes: Any) -> Row:
    """A request of 1,000 fresh tokens and no answer; *unpacked* is what the client had sent."""
    values = {"usage": usage(1000, 0, 0)} | changes
    return row(flow(**values), PLAIN_PRICE, Entry(Split(0, 0, unpacked, "exact"), broken))


def test_a_saving_is_the_difference_of_both_costs(path: Path) -> None:
    write(path, entered(1500), entered(1250))

    found = savings(path).total

    assert found.requests == 2
    assert found.cost_usd == pytest.approx(2000 * 2 / 1e6)
    assert found.cost_unpacked_usd == pytest.approx(2750 * 2 / 1e6)
    assert found.savings_usd == pytest.approx(750 * 2 / 1e6)


def test_a_loss_is_shown_as_such(path: Path) -> None:
    write(path, entered(800))

    assert savings(path).total.savings_usd == pytest.approx(-200 * 2 / 1e6)
    assert savings(path).attribution.proxy_usd == pytest.approx(-200 * 2 / 1e6)


def test_groups_share_out_the_same_sums(path: Path) -> None:
    write(
        path,
        entered(1500),
        entered(900, model="b", client=None, started=STARTED + DAY),
        entered(1300, model="b"),
    )

    found = savings(path)

    assert [each.name for each in found.by_day] == ["2026-11-21", "2026-11-22"]
    assert [(each.name, each.requests) for each in found.by_model] == [("b", 2), ("claude-test", 1)]
    assert {each.name for each in found.by_client} == {"claude-code", "unknown"}
    for groups in (found.by_day, found.by_model, found.by_client):
        assert sum(each.savings_usd for each in groups) == pytest.approx(found.total.savings_usd)


def test_only_requests_with_both_costs_are_compared(path: Path) -> None:
    of_version_1 = replace(entered(9000), cost_unpacked_usd=None)
    write(path, entered(1500), of_version_1, row(flow(usage=None), PRICE), entered(9, status=500))

    found = savings(path)

    assert (found.answered, found.total.requests) == (3, 1)
    assert found.total.savings_usd == pytest.approx(500 * 2 / 1e6)


def test_says_how_sure_its_savings_are(path: Path) -> None:
    least = replace(row(flow(), PRICE), savings_bound="at_least")
    write(path, entered(1500), row(flow(), PRICE), row(flow(), PRICE), least)

    found = savings(path)

    assert (found.estimates, found.at_least, found.prices_of) == (2, 1, "2026-11-21")


def test_what_the_providers_cache_saved_is_kept_apart_by_who_caused_it(path: Path) -> None:
    cached = {"usage": usage(1000, 0, 600), "saved_tokens": 0}
    write(
        path,
        row(flow(cache_origin="client", **cached), PRICE),
        row(flow(cache_origin="unknown", **cached), PRICE),
        row(flow(cache_origin="unknown", **cached), PRICE),
        row(flow(cache_origin="proxy", **cached), PRICE, Entry(Split(0, 0, 1000, "exact"))),
    )

    found = savings(path).attribution

    assert found.client_usd == pytest.approx(600 * 9 / 1e6)
    assert found.unclassified_usd == pytest.approx(2 * 600 * 9 / 1e6)
    assert found.proxy_usd == pytest.approx(600 * 9 / 1e6)


def test_the_hit_rate_is_of_what_was_reported(path: Path) -> None:
    write(
        path,
        row(flow(usage=usage(1000, 0, 600, 200)), PRICE),
        row(flow(usage=usage(3000, 0, 2400), model="b", client="codex"), PRICE),
        row(flow(usage=usage(9000, 0)), PRICE),
    )

    found = cache(path)

    assert (found.answered, found.total.requests) == (3, 2)
    assert found.total.hit_rate == pytest.approx(3000 / 4000)
    assert (found.total.read_tokens, found.total.written_tokens) == (3000, 200)
    assert [(each.name, each.hit_rate) for each in found.by_model] == [
        ("b", 0.8),
        ("claude-test", 0.6),
    ]
    assert [each.name for each in found.by_client] == ["codex", "claude-code"]


def test_breaks_are_summed_by_cause_and_by_what_changed(path: Path) -> None:
    tools, dated = "the tools: order changed", "the system prompt: a date or time changed"
    write(
        path,
        entered(1, Break(5000, "client", tools)),
        entered(1, Break(3000, "client", tools), started=STARTED + 5),
        entered(1, Break(None, "client", dated)),
        entered(1, Break(9000, "proxy", "message 3 (user)")),
        entered(1),
    )

    found = cache(path)

    assert found.by_cause == (
        Breaks("proxy", "", 1, 9000, STARTED),
        Breaks("client", "", 3, 8000, STARTED + 5),
    )
    assert [(each.where, each.number, each.tokens) for each in found.breaks] == [
        ("message 3 (user)", 1, 9000),
        (tools, 2, 8000),
        (dated, 1, 0),
    ]


def test_at_most_20_places_are_listed(path: Path) -> None:
    write(
        path, *(entered(1, Break(each, "client", f"message {each} (user)")) for each in range(30))
    )

    assert [each.tokens for each in cache(path).breaks] == [*range(29, 9, -1)]
    assert cache(path).by_cause[0].number == 30


def test_only_requests_since_then_count(path: Path) -> None:
    write(path, entered(1500, Break(1, "client", "x"), started=STARTED - 1), entered(1500))

    assert savings(path, STARTED).total.requests == 1
    assert cache(path, STARTED).total.requests == 1
    assert cache(path, STARTED).by_cause == ()


def test_an_empty_database_sums_to_nothing(path: Path) -> None:
    write(path)

    assert (savings(path).total.requests, savings(path).total.savings_usd) == (0, 0)
    assert (cache(path).total.hit_rate, cache(path).breaks) == (0, ())


@pytest.mark.parametrize("ask", [savings, cache])
def test_no_database_is_an_error_that_says_so(path: Path, ask: Any) -> None:
    with pytest.raises(StoreError, match="does not exist yet"):
        ask(path)


def test_an_epoch_is_paid_back_when_later_turns_were_spared_what_it_cost(path: Path) -> None:
    began = replace(
        entered(1500),
        request_id="r1",
        epoch_why="sum",
        epoch_freed=500,
        epoch_rewritten=900,
        epoch_cost_usd=0.02,
        epoch_returns='{"r1": 0.01}',
    )
    later = replace(entered(1500), request_id="r2", epoch_returns='{"r1": 0.011}')
    write(path, began)
    assert [(each.turns, each.paid_back) for each in savings(path).epochs] == [(1, False)]

    write(path, later)
    (found,) = savings(path).epochs
    assert (found.turns, found.paid_back, found.why) == (2, True, "sum")
    assert found.returned_usd == pytest.approx(0.021)
