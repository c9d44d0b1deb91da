"""A request body in, a smaller one out, every byte that is not packed as it was."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

from tokenpak.canonical import CanonicalRequest
from tokenpak.compression import breakpoints, fingerprint, returns
from tokenpak.compression.packer import Packed, Packer
from tokenpak.compression.select import plan
from tokenpak.errors import StoreError
from tokenpak.flow import Trail
from tokenpak.recovery import RecoveryStore, is_recoverable_by
from tokenpak.settings import Settings
from tokenpak.wire import rewrite
from tokenpak.wire.adapter import Adapter

logger = logging.getLogger("tokenpak.compression")


@dataclass(frozen=True, slots=True)
class PackedBody:
    """What goes upstream, and what was done; `body` is the client's own object if nothing was."""

    body: bytes
    request: CanonicalRequest
    mode: str
    saved_by: dict[str, int]
    """Tokens saved by technique, by exact o200k count."""
    duration_ms: float
    trail: Trail | None = None
    cuts: dict[str, int] = field(default_factory=dict)
    """Results of this turn of which something was left out, by kind."""
    fetched: dict[str, int] = field(default_factory=dict)
    """Earlier ones that the agent came back for in this turn, by kind."""
    breakpoints: int = 0
    """Cache markers that were added."""

    @property
    def saved_tokens(self) -> int:
        return sum(self.saved_by.values())

    @property
    def stages(self) -> tuple[str, ...]:
        return tuple(self.saved_by)


class Compressor:
    """Packs request bodies under one set of settings and one memo; safe in several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._packer = Packer(settings.memo_mb << 20)
        self._raw = RecoveryStore(
            settings.raw_folder, settings.recovery_mb << 20, settings.recovery_days * 86400.0
        )

    def pack(
        self,
        adapter: Adapter,
        path: str,
        body: bytes,
        mode: str | None = None,
        *,
        local: bool = False,
    ) -> PackedBody:
        """Pack *body*, a request in *adapter*'s format; *mode* overrides the settings.

        *local* says that the client is on this machine: only then can it read what is cut. Raises
        WireError if the body cannot be read and ConfigError if *mode* is unknown; in both cases
        nothing has been changed.
        """
        started = time.perf_counter()
        settings = self._settings.with_mode(mode) if mode else self._settings
        request = adapter.decode_request(body, path)
        digests = fingerprint.digests(request.parts)
        packed = self._packed(request, settings, digests, local=local)
        smaller = rewrite(body, request, packed.literals) if packed.texts else body
        marked = 0
        if self._adds_breakpoints(request, mode):
            smaller, marked = breakpoints.mark(smaller)
        return PackedBody(
            body=smaller,
            request=request,
            mode=f"{settings.mode}/{settings.pipeline}",
            saved_by=dict(packed.saved_by),
            trail=fingerprint.trail(request, body, digests, packed.texts, packed.saved),
            cuts=dict(returns.new_cuts(request.parts, packed.cuts)),
            fetched=dict(returns.fetched(request.parts, packed.cuts)),
            breakpoints=marked,
            duration_ms=(time.perf_counter() - started) * 1000,
        )

    def _packed(
        self, request: CanonicalRequest, settings: Settings, digests: list[bytes], *, local: bool
    ) -> Packed:
        """Pack with cuts where the client can undo them, without where they cannot be kept."""
        if local and settings.recovery and is_recoverable_by(request.tools):
            chosen = plan(settings, settings.raw_folder)
            try:
                return self._packer.pack(request.parts, chosen, self._raw.put, digests)
            except StoreError as error:
                logger.warning("nothing was left out of this request: %s", error)
        return self._packer.pack(request.parts, plan(settings), digests=digests)

    def _adds_breakpoints(self, request: CanonicalRequest, mode: str | None) -> bool:
        """Whether to add cache markers: never where the client set one, or wants nothing done."""
        wanted = self._settings.cache_breakpoints == "auto" and mode != "off"
        return wanted and request.wire == "anthropic" and not request.cache_marked

    def tokens_raw(self, request: CanonicalRequest) -> int:
        """Exact o200k tokens of the conversation as it came, tool definitions aside.

        Not needed for packing: ask for it once the request is on its way.
        """
        return self._packer.tokens(request.parts)
