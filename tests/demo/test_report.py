"""The figures of a demonstration."""

from __future__ import annotations

import pytest

from tokenpak.demo.cache import Block
from tokenpak.demo.provider import Arrival
from tokenpak.demo.replay import Exchange, Turn
from tokenpak.demo.report import Report, make_report
from tokenpak.demo.session import Session
from tokenpak.providers.promptcache import Charge

OK = Exchange(200, 1.0)
ONE = Charge(0, 0, 1)


def arrival(texts: str, charge: Charge = ONE) -> Arrival:
    return Arrival([Block(each.encode(), each, marked=False) for each in texts.split()], charge)


def report(packed: list[Arrival], *turns: Turn, model: str = "claude-opus-4-6") -> Report:
    session = Session("s", [{"role": "user", "content": "a"}], model=model)
    return make_report(session, turns or [Turn(OK, OK)], packed, packed, {"a": 1, "b": 2})


@pytest.mark.parametrize(
    ("texts", "stable"),
    [
        (["a b", "a b c"], 1.0),
        (["aa bb", "aa xx cc"], 0.5),
        (["aa bb", "xx bb cc"], 0.0),  # the cache matches from the beginning only
        (["aa bb", "aa"], 0.5),
        (["a"], 1.0),
    ],
)
def test_stable_is_the_share_of_the_bytes_before_that_came_again(
    texts: list[str], stable: float
) -> None:
    assert report([arrival(each) for each in texts]).packed.stable == stable


def test_tokens_are_summed_by_what_they_cost() -> None:
    way = report([arrival("a", Charge(10, 20, 30)), arrival("a", Charge(1, 2, 3))]).packed

    assert (way.tokens, way.cache_read_tokens, way.cache_write_tokens) == (66, 11, 22)
    assert way.billed_tokens == pytest.approx(0.1 * 11 + 1.25 * 22 + 33)


def test_cost_is_at_the_model_s_list_price() -> None:
    way = report([arrival("a", Charge(0, 0, 1_000_000))], model="claude-sonnet-4-5").packed

    assert way.cost_usd is not None
    assert way.cost_usd > 0


def test_an_unknown_model_has_no_cost() -> None:
    assert report([arrival("a")], model="of-our-own").packed.cost_usd is None


def test_what_the_provider_refused_is_counted_apart() -> None:
    way = report([arrival("a"), Arrival([], None, "why")]).packed

    assert (way.refused, way.tokens) == (1, 1)


def test_only_failures_that_the_direct_way_did_not_have_are_ours() -> None:
    failed = Exchange(400, 1.0)

    assert report([arrival("a")], Turn(OK, failed), Turn(failed, failed), Turn(OK, OK)).errors == 1


def test_added_time_is_the_median_difference() -> None:
    turns = [Turn(OK, Exchange(200, duration)) for duration in (2.0, 3.0, 90.0)]

    assert report([arrival("a")], *turns).added_ms == 2.0


def test_techniques_stand_in_the_order_of_their_worth() -> None:
    assert list(report([arrival("a")]).saved_by) == ["b", "a"]
