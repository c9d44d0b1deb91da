"""One exchange between a client and a provider, with all that befell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tokenpak.canonical import CanonicalUsage

CacheOrigin = Literal["proxy", "client", "unknown"]
Why = Literal["sum", "cold", "window"]
"""Why an epoch began: the planner's sum, a cache that had run out, a window nearly full."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """What was sent before goes out shorter from here on; tokens are o200k, by exact count."""

    parts: int
    """How many parts the conversation had when it began."""
    first: int
    """The first part that changed."""
    freed: int
    rewritten: int
    """Tokens that the provider's cache has to be told again."""
    why: Why


@dataclass(frozen=True, slots=True)
class Trail:
    """One request part by part, as the ledger compares it with the next: no conversation in it.

    Part numbers count the parts of the client's request. `system` and `tools` are kept as they
    came, so that a change in them can be named; they are not stored.
    """

    digests: tuple[bytes, ...]
    """Of each part as the client sent it, without its cache marker."""
    messages: tuple[int, ...]
    """The message of each part; system prompts outside of messages have -1."""
    roles: tuple[str, ...]
    system: tuple[bytes, ...]
    """The system prompts that open the request: its first parts."""
    tools: bytes
    """The definitions of the tools in JSON, without cache markers."""
    sizes: tuple[int, ...]
    """Bytes of each part as it was sent, roughly: they serve to interpolate between tokens."""
    sent: Mapping[int, int]
    """A hash of the new text of each part that was changed; the same in one process only."""
    saved: Mapping[int, int]
    """o200k tokens that were saved on each part that was changed."""


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
    local: bool = False
    """Whether the client is on this machine."""
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
    cuts: dict[str, int] = field(default_factory=dict)
    """Results of this turn of which something was left out, by kind of output."""
    fetched: dict[str, int] = field(default_factory=dict)
    """Earlier ones that the agent came back for in this turn, by kind."""
    epochs: tuple[Epoch, ...] = ()
    """Those that began in this turn."""
    engines: dict[str, int] = field(default_factory=dict)
    """`saved_tokens` by engine."""
    combo: str | None = None
    """The id of the combo that was in force."""
    raw_outputs: tuple[str, ...] = ()
    """Ids of what was kept whole at this turn, as something of it was left out."""
    output_mode: str | None = None
    """At which level terse answers were asked for, or why they were not."""
    stages: tuple[str, ...] = ()
    compression_ms: float = 0.0
    sent_ms: float | None = None
    """From the start until the request was handed to the provider: the time that we added."""
    first_byte_ms: float | None = None
    duration_ms: float | None = None
    usage: CanonicalUsage | None = None
    trail: Trail | None = None
    """None if the request was not read."""
    breakpoints: int = 0
    """Cache markers that we added to the request."""

    def stats(self) -> dict[str, object]:
        """What was done to the request, as the log and the records name it."""
        raw = self.tokens_raw or 0
        engines = list(self.engines)
        return {
            "originalTokens": raw,
            "compressedTokens": raw - self.saved_tokens,
            "savingsPercent": round(100 * self.saved_tokens / raw, 1) if raw else 0.0,
            "techniquesUsed": list(self.saved_by),
            "mode": self.mode.rpartition("/")[2],
            "engine": engines[0] if len(engines) == 1 else "stacked" if engines else None,
            "engineBreakdown": self.engines,
            "compressionComboId": self.combo,
            "durationMs": round(self.compression_ms, 3),
            "rtkRawOutputPointers": list(self.raw_outputs),
        }
