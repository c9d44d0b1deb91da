"""Finished exchanges and prices to record."""

from __future__ import annotations

from typing import Any

from tokenpak.canonical import CanonicalUsage
from tokenpak.flow import Flow, Trail
from tokenpak.providers.pricing import Price, Rates

STARTED = 1_795_235_696.25  # 2026-11-21T04:34:56.25Z

PRICE = Price(
    model="claude-test",
    base=Rates(input=10.0, output=50.0, cache_read=1.0, cache_write=12.5, cache_write_1h=20.0),
    above=Rates(input=20.0, output=100.0, cache_read=2.0, cache_write=25.0, cache_write_1h=40.0),
    above_tokens=200_000,
    context_window=1_000_000,
    source="a test",
    date="2026-11-21",
)
PLAIN_PRICE = Price("plain", Rates(2.0, 8.0), None, None, None, "a test", "2026-11-20")


def usage(
    input_tokens: int | None = 1000,
    output_tokens: int | None = 100,
    cache_read_tokens: int | None = None,
    cache_write_tokens: int | None = None,
    **more: Any,
) -> CanonicalUsage:
    return CanonicalUsage(
        input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, **more
    )


def flow(**changes: Any) -> Flow:
    values: dict[str, Any] = {
        "request_id": "018f6e0e-0000-7000-8000-000000000001",
        "started": STARTED,
        "method": "POST",
        "path": "/v1/messages",
        "provider": "anthropic",
        "client": "claude-code",
        "session_id": "s1",
        "wire": "anthropic",
        "model": "claude-test",
        "stream": True,
        "mode": "hybrid",
        "status": 200,
        "body_bytes": 5000,
        "sent_bytes": 4000,
        "tokens_raw": 1200,
        "saved_tokens": 300,
        "saved_by": {"dedup": 200, "gutter": 100},
        "stages": ("dedup", "forms"),
        "compression_ms": 2.5,
        "sent_ms": 3.0,
        "first_byte_ms": 403.0,
        "duration_ms": 900.0,
        "usage": usage(cache_read_tokens=600, cache_write_tokens=200),
    }
    return Flow(**(values | changes))


def trail(**changes: Any) -> Trail:
    """The trail of a request without parts, but for *changes*."""
    values: dict[str, Any] = dict.fromkeys(("digests", "messages", "roles", "system", "sizes"), ())
    return Trail(**({**values, "tools": b"", "sent": {}, "saved": {}} | changes))
