"""The official SDKs notice nothing of the proxy: same answers, and the same requests arrive."""

from __future__ import annotations

import re

import pytest

from tests.e2e.answers import FRESH, OUTPUT, READ, WRITTEN
from tests.e2e.process import Running, serve
from tests.e2e.sdks import CALLS, Call, Session, ask
from tests.e2e.upstream import COUNTED, Upstream
from tests.serving import Exchange
from tokenpak import protocol

CALL = pytest.mark.parametrize("call", CALLS, ids=str)


@CALL
def test_the_answer_is_that_of_a_direct_call(
    call: Call, proxy: Running, upstream: Upstream
) -> None:
    upstream.script.turns = call.turns
    direct = ask(call, upstream.url)

    assert ask(call, proxy.url) == direct


@CALL
def test_what_arrives_is_what_a_direct_call_sends(
    call: Call, proxy: Running, upstream: Upstream
) -> None:
    upstream.script.turns = call.turns
    ask(call, upstream.url)
    direct = [seen(each) for each in upstream.requests]
    upstream.requests.clear()
    ask(call, proxy.url)

    assert [seen(each) for each in upstream.requests] == direct


@CALL
def test_every_answer_says_that_it_came_through_the_proxy(
    call: Call, proxy: Running, upstream: Upstream
) -> None:
    upstream.script.turns = call.turns
    with Session(proxy.url) as session:
        call.ask(session)

    assert len(session.headers) == len(upstream.requests)
    for headers in session.headers:
        assert headers[protocol.HEADER_VERSION] == protocol.TIP_VERSION
        assert headers[protocol.HEADER_CACHE_ORIGIN] == "unknown"
        assert re.fullmatch(r"[0-9a-f-]{36}", headers[protocol.HEADER_REQUEST_ID])
        if call.wire:
            assert headers[protocol.HEADER_SAVINGS_TOKENS] == "0"


def test_telemetry_has_the_usage_that_the_providers_reported(
    upstream: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> None:
    asked: list[Call] = []
    with serve(tmp_path_factory.mktemp("home"), upstream.url) as proxy:
        for call in CALLS:
            upstream.script.turns = call.turns
            before = len(upstream.requests)
            ask(call, proxy.url)
            asked += [call] * (len(upstream.requests) - before)
        proxy.stop()
        rows = proxy.rows()

    assert [(row["provider"], row["wire"]) for row in rows] == [
        (call.provider, call.wire) for call in asked
    ]
    assert {row["provider"]: row["client"] for row in rows} == {
        "anthropic": "anthropic-sdk",
        "openai": "openai-sdk",
        "google": "google-genai-sdk",
        "ollama": "ollama",
    }
    assert {row["status"] for row in rows} == {200}
    assert [row["error_code"] for row in rows] == [None] * len(rows)
    for call, row in zip(asked, rows, strict=True):
        assert (str(call), reported(row)) == (str(call), usage_of(call)), row


def test_tokens_are_counted_by_the_provider(proxy: Running, upstream: Upstream) -> None:
    counting = [call for call in CALLS if "count" in str(call)]

    assert len(counting) == 2
    for call in counting:
        assert str(COUNTED) in ask(call, proxy.url)


def seen(exchange: Exchange) -> tuple[str, list[str], bytes]:
    """What tells two requests apart, but for what belongs to one connection."""
    lines = exchange.head.decode("latin-1").split("\r\n")[1:-2]
    kept = [line for line in lines if line.lower().partition(":")[0] not in ("host", "connection")]
    return exchange.line, kept, exchange.body


def reported(row: dict[str, object]) -> tuple[object, ...]:
    names = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
    return tuple(row[name] for name in names)


def usage_of(call: Call) -> tuple[int | None, ...]:
    """What the scripted provider reports: with the cache, without it, or nothing at all."""
    if call.wire is None:
        return (None, None, None, None)
    written = WRITTEN if call.wire == "anthropic" else None
    read = None if call.wire == "ollama" else READ
    return (FRESH + READ + (written or 0), OUTPUT, read, written)
