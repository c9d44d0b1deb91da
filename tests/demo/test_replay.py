"""Sending a session on both ways."""

from __future__ import annotations

import pytest

from tokenpak.demo.provider import Provider
from tokenpak.demo.replay import Exchange, Turn, replay
from tokenpak.demo.session import Session
from tokenpak.errors import UpstreamError

SESSION = Session(
    "s",
    [
        {"role": "user", "content": "first"},
        {"role": "assistant", "content": "second"},
        {"role": "user", "content": "third"},
    ],
)


def test_every_turn_goes_both_ways() -> None:
    with Provider(len) as one, Provider(len) as other:
        turns = list(replay(SESSION, one.origin, other.origin))

    assert [(each.direct.status, each.packed.status) for each in turns] == [(200, 200)] * 2
    assert [len(each.blocks) for each in one.arrivals] == [1, 3]
    assert [each.blocks for each in one.arrivals] == [each.blocks for each in other.arrivals]


def test_added_time_is_what_the_second_way_took_longer() -> None:
    assert Turn(Exchange(200, 1.5), Exchange(200, 4.0)).added_ms == 2.5


def test_says_who_did_not_answer() -> None:
    with Provider(len) as gone:
        origin = gone.origin

    with Provider(len) as there, pytest.raises(UpstreamError, match=origin[7:]):
        list(replay(SESSION, there.origin, origin))
