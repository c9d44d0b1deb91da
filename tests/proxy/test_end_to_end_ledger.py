"""What the ledger books of requests that really passed through the proxy."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import serving
from tests.caching import blocks_of
from tests.serving import Exchange, Provider, head_fields
from tests.telemetry.talk import body, talk_of
from tokenpak.providers.promptcache import MarkedCache
from tokenpak.telemetry import store
from tokenpak.telemetry.collector import Recorder
from tokenpak.telemetry.events import Row
from tokenpak.telemetry.ledger_queries import cache, savings

TOOLS = [{"name": "Read", "input_schema": {}}]


def caching() -> serving.Script:
    """A provider that keeps a prompt cache and reports it."""
    held = MarkedCache()

    def answer(exchange: Exchange) -> None:
        charge = held.charge(blocks_of(exchange.body))
        usage = {
            "input_tokens": charge.rest,
            "cache_read_input_tokens": charge.read,
            "cache_creation_input_tokens": charge.written,
            "cache_creation": {
                "ephemeral_5m_input_tokens": charge.written - charge.written_1h,
                "ephemeral_1h_input_tokens": charge.written_1h,
            },
            "output_tokens": 1,
        }
        found = json.dumps({"usage": usage}).encode()
        head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n"
        exchange.wire.send(head.format(len(found)).encode() + found)

    return answer


def rows(
    home: Path, upstream: Provider, *bodies: bytes, fields: str = "", **settings: object
) -> list[Row]:
    """The rows of *bodies*, sent one after another."""
    upstream.script = caching()
    recorder = Recorder(home / "telemetry.db")
    with serving.proxy(
        serving.settings_for(home, upstream, **settings), recorder=recorder
    ) as running:
        for each in bodies:
            head, _ = running.request("/v1/messages", each, fields=fields)
            assert head.startswith(b"HTTP/1.1 200")
    assert recorder.close()
    with store.reading(home / "telemetry.db") as connection:
        return [each for _, each in store.after(connection, 0)]


def test_costs_and_breaks_are_stored(tmp_path: Path, upstream: Provider) -> None:
    dated = (body(talk_of(n), system=f"Today is 2026-11-{20 + n}.") for n in (2, 3))

    first, second = rows(tmp_path, upstream, *dated)

    assert (first.cache_break_cause, second.cache_break_cause) == (None, "client")
    assert second.cache_break_where == "the system prompt: a date or time changed"
    assert first.cost_unpacked_usd == first.cost_usd
    assert (first.cost_bound, first.cache_write_1h_tokens) == ("exact", 0)
    assert savings(tmp_path / "telemetry.db").total.requests == 2
    assert cache(tmp_path / "telemetry.db").by_cause[0].cause == "client"


@pytest.mark.parametrize("encode", [bytes, gzip.compress])
def test_markers_of_ours_arrive_and_are_booked(
    tmp_path: Path, upstream: Provider, encode: Callable[[bytes], bytes]
) -> None:
    fields = "Content-Encoding: gzip\r\n" if encode is gzip.compress else ""
    bodies = [encode(body(talk_of(n), marked=False, tools=TOOLS)) for n in (2, 3)]

    _, second = rows(tmp_path, upstream, *bodies, fields=fields, cache_breakpoints="auto")

    assert upstream.requests[1].body.count(b'"cache_control"') == 3
    assert b"content-encoding" not in upstream.requests[1].fields
    assert second.cache_origin == "proxy"
    assert second.cache_read_tokens and second.savings_usd and second.savings_usd > 0


def test_the_answer_says_whose_markers_they_are(tmp_path: Path, upstream: Provider) -> None:
    settings = serving.settings_for(tmp_path, upstream, cache_breakpoints="auto")
    with serving.proxy(settings) as running:
        ours, _ = running.request("/v1/messages", body(talk_of(2), marked=False, tools=TOOLS))
        theirs, _ = running.request("/v1/messages", body(talk_of(2)))

    origin = b"x-tokenpak-cache-origin"
    assert (head_fields(ours)[origin], head_fields(theirs)[origin]) == (b"proxy", b"client")
