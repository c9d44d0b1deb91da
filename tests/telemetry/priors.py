"""Earlier requests as the ledger remembers them."""

from __future__ import annotations

from typing import Any

from tokenpak.telemetry.conversations import Prior
from tokenpak.telemetry.outline import Outline, SystemPart, Tool


def outline(messages: str = "", *, tools: str = "", system: str = "", **sent: int) -> Outline:
    """One letter a part, one word a tool or system prompt; `Read!` is `Read` defined otherwise."""
    return Outline(
        tools=tuple(Tool(each.rstrip("!"), each.encode()) for each in tools.split()),
        system=tuple(SystemPart(each.encode(), b"", b"") for each in system.split()),
        messages=tuple(each.encode() for each in messages),
        sent={int(number.removeprefix("p")): text for number, text in sent.items()},
    )


def prior(of: Outline, **changes: Any) -> Prior:
    values: dict[str, Any] = {
        "provider": "anthropic",
        "model": "m",
        "session": None,
        "outline": of,
        "used": 0.0,
        "ttl_s": 300.0,
        "cached_tokens": None,
        "cached_saved": 0.0,
        "anchors": (),
    }
    return Prior(**(values | changes))
