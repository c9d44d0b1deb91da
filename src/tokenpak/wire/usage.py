"""Usage read from responses of every format as they pass by: JSON, SSE and NDJSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from tokenpak.canonical import CanonicalUsage
from tokenpak.wire.adapter import UsageReader
from tokenpak.wire.sse import EventSplitter, LineSplitter

MAX_JSON_BYTES = 8 << 20
"""A JSON response larger than this is not kept, and its usage stays unknown."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Where a format reports usage, and what the figures mean."""

    marker: re.Pattern[bytes]
    """An event without it is not parsed. Quotes inside of texts are escaped: they never match."""

    find: Callable[[Mapping[str, Any]], Any]
    """The usage object of a response or event, or anything else where it holds none."""

    canonical: Callable[[Mapping[str, Any]], CanonicalUsage]

    last: re.Pattern[bytes]
    """The event with which a stream ends, found in the same way."""


def reader_for(content_type: str, usage: Usage) -> UsageReader:
    """A fresh reader for one response of *content_type*."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "text/event-stream":
        return EventReader(usage, EventSplitter())
    if kind in ("application/x-ndjson", "application/ndjson", "application/jsonl"):
        return EventReader(usage, LineSplitter())
    return JsonReader(usage)


class EventReader:
    """Usage of a stream: figures only ever grow, and a later event adds to earlier ones."""

    def __init__(self, usage: Usage, splitter: EventSplitter | LineSplitter) -> None:
        self._usage = usage
        self._splitter = splitter
        self._found: dict[str, Any] = {}
        self.complete = False

    def feed(self, chunk: bytes) -> None:
        for payload in self._splitter.feed(chunk):
            self.complete = self.complete or bool(self._usage.last.search(payload))
            if self._usage.marker.search(payload):
                _merge(self._found, self._usage, _loads(payload))

    @property
    def usage(self) -> CanonicalUsage | None:
        return self._usage.canonical(self._found) if self._found else None


class JsonReader:
    """Usage of a response in one piece, or of a stream that is one JSON array."""

    complete = False  # where it ends is for the transport to say

    def __init__(self, usage: Usage) -> None:
        self._usage = usage
        self._kept = bytearray()
        self._too_long = False

    def feed(self, chunk: bytes) -> None:
        if self._too_long:
            return
        self._kept += chunk
        if len(self._kept) > MAX_JSON_BYTES:
            self._kept.clear()
            self._too_long = True

    @property
    def usage(self) -> CanonicalUsage | None:
        body = bytes(self._kept)
        if not self._usage.marker.search(body):
            return None
        document = _loads(body)
        found: dict[str, Any] = {}
        for event in document if isinstance(document, list) else [document]:
            _merge(found, self._usage, event)
        return self._usage.canonical(found) if found else None


def tokens(found: Mapping[str, Any], *path: str) -> int | None:
    """The count at *path*; None where there is no such non-negative integer."""
    value: Any = found
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if type(value) is int and value >= 0 else None


def _loads(payload: bytes) -> Any:
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # a lone surrogate, perhaps: the standard decoder accepts it
    try:
        return json.loads(payload.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return None


def _merge(found: dict[str, Any], usage: Usage, event: Any) -> None:
    reported = usage.find(event) if isinstance(event, dict) else None
    for key, value in reported.items() if isinstance(reported, dict) else ():
        before = found.get(key)
        if type(before) is int and type(value) is int:
            found[key] = max(before, value)
        elif value is not None:
            found[key] = value
