"""One exchange between a client and a provider, with all that befell it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tokenpak.canonical import CanonicalUsage

CacheOrigin = Literal["proxy", "client", "unknown"]


@dataclass(slots=True)
class Flow:
    """What the proxy learns of one request; telemetry makes one row of it.

    `started` is seconds since the epoch, durations are milliseconds, tokens are counted in
    o200k unless the provider reported them (`usage`). `error` is a TIP code such as
    `tip.transport.unreachable`; it names our failure even where the client's bytes went through.
    """

    request_id: str
    started: float
    method: str
    path: str
    provider: str
    client: str | None = None
    session_id: str | None = None
    wire: str | None = None
    model: str | None = None
    stream: bool = False
    mode: str = "off"
    status: int | None = None
    error: str | None = None
    error_message: str | None = None
    cache_origin: CacheOrigin = "unknown"
    body_bytes: int = 0
    sent_bytes: int = 0
    tokens_raw: int | None = None
    """Our count of the conversation as the client sent it; None where nothing was counted."""
    saved_tokens: int = 0
    """Tokens removed from this request by exact count, summed over its changed parts."""
    saved_by: dict[str, int] = field(default_factory=dict)
    """The same by technique."""
    stages: tuple[str, ...] = ()
    compression_ms: float = 0.0
    sent_ms: float | None = None
    """From the start until the request was handed to the provider: the time that we added."""
    first_byte_ms: float | None = None
    duration_ms: float | None = None
    usage: CanonicalUsage | None = None
