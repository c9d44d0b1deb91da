"""A long conversation of an SDK arrives smaller, and but for texts of tool results the same."""

from __future__ import annotations

import json

import pytest

from tests.e2e.conversations import FILE, LONG, RESULTS, Ask, changes
from tests.e2e.process import Running
from tests.e2e.sdks import Session
from tests.e2e.upstream import Upstream
from tokenpak import protocol, tokens


@pytest.mark.parametrize("ask", LONG, ids=lambda ask: ask.__name__)
def test_only_repeated_tool_results_arrive_smaller(
    ask: Ask, proxy: Running, upstream: Upstream
) -> None:
    with Session(upstream.url) as session:
        ask(session)
    with Session(proxy.url) as session:
        ask(session)
    direct, packed = upstream.asked()
    found = list(changes(json.loads(direct.body), json.loads(packed.body)))

    # The first reading stays as it is; what repeats it refers to it.
    assert 1 <= len(found) < RESULTS
    for _, before, after in found:
        assert before == FILE
        assert tokens.count_tokens(after, "gpt-5") < tokens.count_tokens(before, "gpt-5") / 4
    assert packed.body.decode().count(json.dumps(FILE, ensure_ascii=False)[1:-1]) >= 1
    saved = int(session.headers[-1][protocol.HEADER_SAVINGS_TOKENS])
    assert saved > tokens.count_tokens(FILE, "gpt-5") / 2


@pytest.mark.parametrize("ask", LONG, ids=lambda ask: ask.__name__)
def test_what_is_packed_has_its_own_length_and_no_other_field_changes(
    ask: Ask, proxy: Running, upstream: Upstream
) -> None:
    with Session(upstream.url) as session:
        ask(session)
    with Session(proxy.url) as session:
        ask(session)
    direct, packed = upstream.asked()

    assert int(packed.fields[b"content-length"]) == len(packed.body) < len(direct.body)
    aside = {b"host", b"content-length", b"connection"}
    assert {k: v for k, v in packed.fields.items() if k not in aside} == {
        k: v for k, v in direct.fields.items() if k not in aside
    }


@pytest.mark.parametrize("ask", LONG, ids=lambda ask: ask.__name__)
def test_every_second_time_the_same_bytes_arrive(
    ask: Ask, proxy: Running, upstream: Upstream
) -> None:
    for _ in range(3):
        with Session(proxy.url) as session:
            ask(session)

    assert len({each.body for each in upstream.asked()}) == 1
