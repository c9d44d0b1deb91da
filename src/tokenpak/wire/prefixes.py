"""Requests read on from where an earlier one was read to: what a client resends is not read again.

Where the bytes up to the end of a message are the same, so is all that was read from them, and
what follows can be read alone, as a list that begins there.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec
from xxhash import xxh3_128

from tokenpak.canonical import Part, Span
from tokenpak.errors import WireError
from tokenpak.wire.reading import Reading
from tokenpak.wire.spans import Object, Value, masked, objects, parse

# Reading less than this again is cheaper than remembering it.
_WORTH_BYTES = 16 << 10
# Clients move their cache markers along: messages so near to the end may lose theirs.
_MARKED_MESSAGES = 8
_MARKER = b'"cache_control"'
_TAIL_BYTES = 32
_MAX_PREFIXES = 64
_PART_BYTES = 500


@dataclass(frozen=True, slots=True)
class Prefix:
    """The first messages of a request, and what was read from them."""

    wire: str
    end: int
    """Where in the body the last of the messages ends."""
    hasher: xxh3_128
    """Has taken in all bytes up to there."""
    tail: bytes
    """The last of these, by which most other bodies are told apart."""
    head: Mapping[str, Span]
    """What stands in the body before the messages."""
    messages: int
    parts: tuple[Part, ...]
    calls: Mapping[str, Part]
    marked: bool
    size: int
    """Bytes held, about."""


class Prefixes:
    """The prefixes read last, within *limit_bytes*; 0 remembers none. Safe in several threads.

    Bodies below *worth_bytes* are neither looked up nor remembered.
    """

    def __init__(self, limit_bytes: int, worth_bytes: int = _WORTH_BYTES) -> None:
        self._limit = limit_bytes
        self._worth = worth_bytes
        self._held = 0
        self._known: OrderedDict[bytes, Prefix] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, wire: str, key: str, body: bytes) -> Opened:
        """Begin to read *body*, a request of *wire* with its messages under *key*.

        Raises WireError as `parse` does.
        """
        if not self._limit or len(body) < self._worth:
            return Opened(body, parse(body), key)
        prefix = self._longest(wire, body)
        top = _behind(prefix, key, body) if prefix else None
        if top is None:
            prefix, top = None, parse(body)
        return _Remembered(body, top, key, wire, prefix, self)

    def put(self, prefix: Prefix, before: Prefix | None) -> None:
        """Remember *prefix*, in place of the one *before* that it goes on from."""
        key = prefix.hasher.digest()
        with self._lock:
            self._forget(key)
            if before is not None:
                self._forget(before.hasher.digest())
            self._known[key] = prefix
            self._held += prefix.size
            while self._held > self._limit or len(self._known) > _MAX_PREFIXES:
                self._forget(next(iter(self._known)))

    def _forget(self, key: bytes) -> None:
        gone = self._known.pop(key, None)
        self._held -= gone.size if gone else 0

    def _longest(self, wire: str, body: bytes) -> Prefix | None:
        with self._lock:
            likely = [
                each
                for each in self._known.values()
                if each.wire == wire and body.startswith(each.tail, each.end - len(each.tail))
            ]
        found = None
        hasher, view, at = xxh3_128(), memoryview(body), 0
        # In one pass over the body, however many there are.
        for each in sorted(likely, key=lambda each: each.end):
            hasher.update(view[at : each.end])
            at = each.end
            if hasher.digest() == each.hasher.digest():
                found = each
        return found


NONE = Prefixes(0)


class Opened:
    """A request about to be read: its members, and those of its messages that are not known."""

    def __init__(
        self, body: bytes, top: dict[str, Value], key: str, prefix: Prefix | None = None
    ) -> None:
        self.top = top
        self.reading = Reading(body)
        """Holds the parts of the messages that are known."""
        self.messages = objects(top[key]) if key in top else None
        """None if there is no list of them."""
        self._first = 0
        if prefix is not None and self.messages is not None:
            del self.messages[0]
            self.reading.parts[:] = prefix.parts
            self.reading.calls.update(prefix.calls)
            self.reading.cache_marked = prefix.marked
            self._first = prefix.messages

    def unread(self) -> Iterator[tuple[int, Object]]:
        """Each message that is to be read, with its number."""
        return enumerate(self.messages or (), self._first)


class _Remembered(Opened):
    """A request whose messages are remembered once they are read."""

    def __init__(
        self,
        body: bytes,
        top: dict[str, Value],
        key: str,
        wire: str,
        prefix: Prefix | None,
        known: Prefixes,
    ) -> None:
        super().__init__(body, top, key, prefix)
        self._wire = wire
        self._key = key
        self._before = prefix
        self._known = known

    def unread(self) -> Iterator[tuple[int, Object]]:
        """Each message that is to be read, with its number; remembers them on the way."""
        messages = self.messages or []
        lasting = self._lasting(messages)
        yield from enumerate(messages[:lasting], self._first)
        # Those without ids are told apart by what is still unanswered, which changes.
        if lasting and not self.reading.has_unnamed_calls:
            self._remember(self._first + lasting, messages[lasting - 1][1])
        yield from enumerate(messages[lasting:], self._first + lasting)

    def _lasting(self, messages: list[Object]) -> int:
        """How many of *messages* will be sent again as they are."""
        body = self.reading.body
        for at in range(max(0, len(messages) - _MARKED_MESSAGES), len(messages)):
            start, end, _ = messages[at]
            if body.find(_MARKER, start, end) >= 0:
                return at
        return len(messages)

    def _remember(self, messages: int, end: int) -> None:
        reading, before = self.reading, self._before
        old = len(before.parts) if before else 0
        copies: dict[int, Part] = {}
        for part in reading.parts[old:]:
            copies[id(part)] = _bare(part, copies)
        fresh = tuple(copies.values())
        hasher = before.hasher.copy() if before else xxh3_128()
        hasher.update(memoryview(reading.body)[before.end if before else 0 : end])
        size = sum([len(part.literal) for part in fresh]) + _PART_BYTES * len(fresh)
        self._known.put(
            Prefix(
                wire=self._wire,
                end=end,
                hasher=hasher,
                tail=reading.body[max(0, end - _TAIL_BYTES) : end],
                head=before.head if before else _before(self.top, self._key),
                messages=messages,
                parts=(*before.parts, *fresh) if before else fresh,
                calls={name: copies.get(id(call), call) for name, call in reading.calls.items()},
                marked=reading.cache_marked,
                size=size + (before.size if before else 0),
            ),
            before,
        )


def _bare(part: Part, copies: Mapping[int, Part]) -> Part:
    """*part* without the text that was decoded from it, which would take as much memory again."""
    call = copies.get(id(part.call), part.call)
    return Part(
        part.kind,
        part.role,
        part.literal,
        span=part.span,
        message=part.message,
        tool=part.tool,
        call_id=part.call_id,
        call=call,
    )


def _before(top: Mapping[str, Value], key: str) -> dict[str, Span]:
    return {name: each[:2] for name, each in top.items() if each[0] < top[key][0]}


def _behind(prefix: Prefix, key: str, body: bytes) -> dict[str, Value] | None:
    """The members of *body*, of whose messages only those behind *prefix*, after an empty one.

    None where the rest of *body* cannot be read, or not alone.
    """
    opening = b'{"%b":[{}' % key.encode()
    try:
        found = parse(opening + body[prefix.end :])
    except WireError:
        return None  # parsed as a whole, it is told where
    if prefix.head.keys() & found.keys():
        return None
    shift = prefix.end - len(opening)
    top = {
        name: (start, end, msgspec.Raw(masked(body[start:end])))
        for name, (start, end) in prefix.head.items()
    }
    for name, (start, end, raw) in found.items():
        top[name] = (start + shift, end + shift, raw)
    return top
