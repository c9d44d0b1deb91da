"""Rows and TIP events of exchanges."""

from __future__ import annotations

import datetime
import json
from typing import Any, get_type_hints

import jsonschema
import pytest
import tokenpak_tip_validator as tip
from hypothesis import given
from hypothesis import strategies as st

from tests.telemetry.exchanges import PRICE, STARTED, flow, usage
from tokenpak.protocol import CAPABILITIES, PROFILE, TIP_VERSION
from tokenpak.telemetry.events import Row, TipEvent, row, tip_event

COUNT = {"type": "integer", "minimum": 0}
AMOUNT = {"type": "number", "minimum": 0}
MAYBE_TEXT = {"type": ["string", "null"]}

# The event of TIP-1.0 as its registry defines it: nothing else is allowed.
# https://docs.tokenpak.ai/schemas/tip/telemetry-event-v1.json
SCHEMA = {
    "type": "object",
    "required": ["request_id", "timestamp", "cache_origin", "tip_version"],
    "additionalProperties": False,
    "properties": {
        "request_id": {"type": "string"},
        "timestamp": {"type": "string", "format": "date-time"},
        "tip_version": {"type": "string", "pattern": r"^TIP-\d+\.\d+$"},
        "cache_origin": {"enum": ["proxy", "client", "unknown"]},
        "profile": {"type": "string"},
        "provider": MAYBE_TEXT,
        "model": MAYBE_TEXT,
        "client": MAYBE_TEXT,
        "status": {"type": "integer"},
        "error_code": MAYBE_TEXT,
        "savings_tokens": COUNT,
        "savings_cost": AMOUNT,
        "savings_cache_tokens": COUNT,
        "savings_cache_cost": AMOUNT,
        "compression_ms": AMOUNT,
        "proxy_ms": AMOUNT,
        "provider_ms": AMOUNT,
        "tokens_in": COUNT,
        "tokens_out": COUNT,
        "reasoning_tokens": {"type": ["integer", "null"], "minimum": 0},
        "capabilities_negotiated": {"type": "array", "items": {"type": "string"}},
    },
}


def conforms(event: TipEvent) -> None:
    jsonschema.validate(json.loads(json.dumps(event)), SCHEMA)
    datetime.datetime.fromisoformat(event["timestamp"])


def test_an_event_conforms_and_holds_what_was_recorded() -> None:
    event = tip_event(row(flow(), PRICE))
    conforms(event)
    assert event == {
        "request_id": "018f6e0e-0000-7000-8000-000000000001",
        "timestamp": "2026-11-21T04:34:56.250Z",
        "tip_version": TIP_VERSION,
        "cache_origin": "unknown",
        "profile": PROFILE,
        "provider": "anthropic",
        "model": "claude-test",
        "client": "claude-code",
        "status": 200,
        "error_code": None,
        "savings_tokens": 300,
        "savings_cost": pytest.approx(300 * 1.505 * 1 / 1e6),
        "savings_cache_tokens": 600,
        "savings_cache_cost": pytest.approx(600 * 9 / 1e6),
        "compression_ms": 2.5,
        "proxy_ms": 3.0,
        "provider_ms": 400.0,
        "tokens_in": 1000,
        "tokens_out": 100,
        "reasoning_tokens": None,
        "capabilities_negotiated": list(CAPABILITIES),
    }


def test_an_exchange_of_which_little_is_known_conforms() -> None:
    bare = flow(
        model=None,
        client=None,
        session_id=None,
        wire=None,
        status=None,
        usage=None,
        tokens_raw=None,
        saved_tokens=0,
        saved_by={},
        stages=(),
        sent_ms=None,
        first_byte_ms=None,
        duration_ms=None,
        error="tip.transport.client_gone",
        error_message="the client went away",
    )
    event = tip_event(row(bare, None))
    conforms(event)
    assert event["status"] == 0
    assert not {"tokens_in", "tokens_out", "savings_cost", "provider_ms"} & set(event)


counts = st.one_of(st.none(), st.integers(-(2**70), 2**70))


@given(
    texts=st.fixed_dictionaries(
        {name: st.text() for name in ("request_id", "path", "provider", "method")},
        optional={name: st.text() for name in ("model", "client", "session_id", "error_message")},
    ),
    reported=st.one_of(st.none(), st.builds(usage, counts, counts, counts, counts)),
    status=st.one_of(st.none(), st.integers(100, 599)),
    saved=st.integers(-100, 10**7),
)
def test_any_exchange_conforms(
    texts: dict[str, str], reported: Any, status: int | None, saved: int
) -> None:
    conforms(
        tip_event(row(flow(**texts, usage=reported, status=status, saved_tokens=saved), PRICE))
    )


def test_the_profile_and_its_capabilities_conform() -> None:
    assert tip.validate_capability_set(list(CAPABILITIES)).ok
    required = {"tip.compression.v1", "tip.cache.provider-observer", "tip.telemetry.wire-side"}
    assert required <= set(CAPABILITIES)


def test_the_event_declares_every_field_that_the_protocol_allows() -> None:
    assert set(get_type_hints(TipEvent)) == set(SCHEMA["properties"])


def test_a_query_is_never_recorded() -> None:
    recorded = row(flow(path="/v1beta/models/x:generateContent?key=AIzaSecret"), None)
    assert recorded.path == "/v1beta/models/x:generateContent"
    assert "AIzaSecret" not in repr(recorded)


def test_long_texts_are_cut_and_lone_surrogates_replaced() -> None:
    recorded = row(flow(error_message="x" * 9000, client="\ud800"), None)
    assert recorded.error_message == "x" * 500
    assert recorded.client == "?"


@pytest.mark.parametrize("status", [None, 199, 301, 400, 429, 500])
def test_what_was_not_answered_has_no_cost_and_no_saving(status: int | None) -> None:
    recorded = row(flow(status=status), PRICE)
    assert (recorded.cost_usd, recorded.savings_usd, recorded.savings_cache_usd) == (None,) * 3


def test_without_a_price_the_costs_are_empty() -> None:
    recorded = row(flow(), None)
    assert (recorded.cost_usd, recorded.cost_bound, recorded.price_date) == (None, None, None)


def test_a_cost_names_its_price() -> None:
    recorded = row(flow(), PRICE)
    assert (recorded.price_model, recorded.price_date, recorded.price_source) == (
        "claude-test",
        "2026-11-21",
        "a test",
    )
    assert (recorded.cost_bound, recorded.savings_bound) == ("at_least", "estimate")


def test_a_row_holds_no_field_for_content() -> None:
    fields = set(get_type_hints(Row))
    assert not fields & {"body", "messages", "prompt", "answer", "response", "text", "headers"}
    assert row(flow(), None).timestamp == STARTED
