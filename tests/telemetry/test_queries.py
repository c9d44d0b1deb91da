"""Sums over recorded requests, with their origin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.telemetry.exchanges import PLAIN_PRICE, PRICE, STARTED, flow, usage
from tokenpak.canonical import Confidence, UsageSource
from tokenpak.errors import StoreError
from tokenpak.providers.pricing import Price
from tokenpak.telemetry import store
from tokenpak.telemetry.events import row
from tokenpak.telemetry.queries import Summary, summary

DAY = 86_400.0


def summed(path: Path, *flows: Any, price: Price | None = PRICE, since: float = 0.0) -> Summary:
    connection = store.open_telemetry(path / "t.db")
    store.insert(connection, [row(each, price) for each in flows])
    connection.close()
    return summary(path / "t.db", since)


def test_tokens_and_techniques_add_up(tmp_path: Path) -> None:
    found = summed(
        tmp_path,
        flow(),
        flow(saved_tokens=50, saved_by={"gutter": 50}),
        flow(tokens_raw=None, saved_tokens=0, saved_by={}),
    )
    assert (found.requests, found.answered) == (3, 3)
    assert (found.tokens_raw.value, found.tokens_raw.requests) == (2400, 2)
    assert found.tokens_saved.value == 350
    assert list(found.saved_by.items()) == [("dedup", 200), ("gutter", 150)]
    assert found.savings_pct == pytest.approx(100 * 350 / 2400)


def test_reported_figures_say_so(tmp_path: Path) -> None:
    found = summed(tmp_path, flow(), flow())
    assert (found.input_tokens.value, found.cache_read_tokens.value) == (2000, 1200)
    assert found.input_tokens.source is UsageSource.PROVIDER_REPORTED
    assert found.input_tokens.confidence is Confidence.HIGH
    assert found.tokens_saved.source is UsageSource.TOKEN_COUNTED


def test_what_nobody_reported_is_unknown(tmp_path: Path) -> None:
    found = summed(tmp_path, flow(usage=None))
    for figure in (found.input_tokens, found.reasoning_tokens, found.cost_usd, found.savings_usd):
        assert (figure.value, figure.requests, figure.source) == (0, 0, UsageSource.UNKNOWN)


def test_a_sum_with_an_estimate_in_it_is_an_estimate(tmp_path: Path) -> None:
    ours = flow(usage=usage(source=UsageSource.PROXY_ESTIMATE))
    found = summed(tmp_path, flow(), ours)
    assert found.input_tokens.source is UsageSource.PROXY_ESTIMATE
    assert "1 of 2" in found.input_tokens.note


def test_money_names_its_bound_and_the_date_of_its_prices(tmp_path: Path) -> None:
    found = summed(tmp_path, flow(), flow(usage=usage(1000, 100)))
    assert found.cost_usd.note == "at least; prices of 2026-11-21"
    again = summed(tmp_path, flow(usage=usage(1000, 100)), price=PLAIN_PRICE, since=STARTED)
    assert again.cost_usd.note == "at least; prices of 2026-11-20 to 2026-11-21"


def test_money_with_an_estimate_in_it_is_no_lower_bound(tmp_path: Path) -> None:
    ours = flow(usage=usage(source=UsageSource.PROXY_ESTIMATE))
    found = summed(tmp_path, flow(), ours)
    assert found.cost_usd.note == "estimate; prices of 2026-11-21"


def test_a_saving_rests_on_our_count_not_on_the_providers(tmp_path: Path) -> None:
    found = summed(tmp_path, flow())
    assert found.cost_usd.source is UsageSource.PROVIDER_REPORTED
    assert found.savings_usd.source is UsageSource.PROXY_ESTIMATE
    assert found.savings_cache_usd.source is UsageSource.PROVIDER_REPORTED
    assert found.savings_cache_usd.confidence is Confidence.HIGH


def test_an_exact_cost_is_called_nothing_else(tmp_path: Path) -> None:
    found = summed(tmp_path, flow(usage=usage(1000, 100)), price=PLAIN_PRICE)
    assert found.cost_usd.value == pytest.approx((2000 + 800) / 1e6)
    assert (found.cost_usd.confidence, found.cost_usd.note) == (
        Confidence.HIGH,
        "prices of 2026-11-20",
    )


def test_the_providers_cache_is_never_part_of_our_saving(tmp_path: Path) -> None:
    found = summed(tmp_path, flow(saved_tokens=0, saved_by={}))
    assert found.savings_usd.value == 0
    assert found.savings_cache_usd.value == pytest.approx(600 * 9 / 1e6)


def test_requests_that_failed_count_only_as_failures(tmp_path: Path) -> None:
    found = summed(
        tmp_path,
        flow(),
        flow(status=429),
        flow(status=None, error="tip.transport.client_gone"),
        flow(error="tip.compression.failed", saved_tokens=0, saved_by={}),
    )
    assert (found.requests, found.answered, found.tokens_saved.value) == (4, 2, 300)
    assert dict(found.errors_by_code) == {
        "status 429": 1,
        "tip.compression.failed": 1,
        "tip.transport.client_gone": 1,
    }


def test_groups_share_out_the_same_sums(tmp_path: Path) -> None:
    found = summed(
        tmp_path,
        flow(model="a"),
        flow(model="b", provider="openai", client=None, started=STARTED + DAY),
        flow(model="b", status=500),
    )
    assert [(each.name, each.requests, each.answered) for each in found.by_model] == [
        ("b", 2, 1),
        ("a", 1, 1),
    ]
    assert {each.name for each in found.by_client} == {"claude-code", "unknown"}
    assert {each.name for each in found.by_provider} == {"anthropic", "openai"}
    assert [each.name for each in found.by_day] == ["2026-11-21", "2026-11-22"]
    for groups in (found.by_model, found.by_client, found.by_provider, found.by_day):
        assert sum(each.tokens_saved for each in groups) == found.tokens_saved.value
        assert sum(each.input_tokens for each in groups) == found.input_tokens.value
        assert sum(each.cost_usd for each in groups) == pytest.approx(found.cost_usd.value)


def test_only_requests_since_then_count(tmp_path: Path) -> None:
    found = summed(tmp_path, flow(started=STARTED - 1), flow(), since=STARTED)
    assert found.requests == 1


def test_an_empty_database_sums_to_nothing(tmp_path: Path) -> None:
    found = summed(tmp_path)
    assert (found.requests, found.answered, found.savings_pct, found.by_day) == (0, 0, 0, ())


def test_no_database_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist yet"):
        summary(tmp_path / "t.db")


def test_a_database_that_is_damaged_within_is_named(tmp_path: Path) -> None:
    summed(tmp_path, *(flow() for _ in range(200)))
    data = bytearray((tmp_path / "t.db").read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    (tmp_path / "t.db").write_bytes(data)
    with pytest.raises(StoreError, match=r"t\.db: damaged"):
        summary(tmp_path / "t.db")


def test_cuts_and_returns_add_up_by_kind(tmp_path: Path) -> None:
    found = summed(
        tmp_path,
        flow(cuts={"build": 2, "search": 1}),
        flow(cuts={"build": 1}, fetched={"build": 1}),
        flow(),
    )
    assert list(found.cuts.items()) == [("build", 3), ("search", 1)]
    assert found.fetched == {"build": 1}


def test_modes_combos_and_engines_add_up(tmp_path: Path) -> None:
    stacked = {"mode": "hybrid/stacked", "combo": "mine", "engines": {"rtk": 200, "caveman": 100}}
    found = summed(
        tmp_path,
        flow(**stacked),
        flow(**stacked),
        flow(mode="strict/pack", saved_tokens=5, engines={"pack": 5}),
        flow(mode="off", saved_tokens=0),
        flow(status=500, mode="hybrid/pack", engines={"pack": 7}),
    )
    assert [(each.name, each.requests, each.tokens_saved) for each in found.by_mode] == [
        ("pack", 2, 5),
        ("stacked", 2, 600),
        ("off", 1, 0),
    ]
    assert [(each.name, each.tokens_saved) for each in found.by_combo] == [("mine", 600)]
    assert [(each.name, each.requests, each.tokens_saved) for each in found.by_engine] == [
        ("rtk", 2, 400),
        ("caveman", 2, 200),
        ("pack", 1, 5),
    ]
    assert sum(each.compression_ms for each in found.by_mode) == 4 * 2.5
