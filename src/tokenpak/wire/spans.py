"""JSON read as byte spans: where each value of an object or array lies in the client's body."""

from __future__ import annotations

import json
import re
from functools import lru_cache

import msgspec

from tokenpak.errors import WireError

Value = tuple[int, int, msgspec.Raw]
"""Start and end in the body, and the bytes between them for reading deeper.

Texts are taken from the body, never from the Raw: there lone surrogates may be masked.
"""

QUOTE, BRACE, BRACKET = b'"{['

_WORD_BYTES = 24

_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_items = msgspec.json.Decoder(list[msgspec.Raw]).decode
_objects = msgspec.json.Decoder(list[dict[str, msgspec.Raw]]).decode

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_KEY = rb'[ \t\n\r]*"[^"\\]*(?:\\.[^"\\]*)*"[ \t\n\r]*:[ \t\n\r]*'
_FIRST_KEY = re.compile(rb"[ \t\n\r]*{" + _KEY, re.DOTALL)
_NEXT_KEY = re.compile(rb"[ \t\n\r]*," + _KEY, re.DOTALL)
_FIRST_ITEM = re.compile(rb"[ \t\n\r]*\[[ \t\n\r]*")
_NEXT_ITEM = re.compile(rb"[ \t\n\r]*,[ \t\n\r]*")
_CLOSE = re.compile(rb"[ \t\n\r]*}[ \t\n\r]*")


def parse(body: bytes) -> dict[str, Value]:
    """The members of the object that *body* is.

    The whole of *body* is checked as JSON here, so that reading deeper does not fail on syntax.
    Raises WireError if it is not one JSON object, nests too deep or repeats a key at its top.
    """
    try:
        found, scanned = _members(body), body
    except RecursionError as error:
        raise WireError("body is nested too deep to be read") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        # msgspec refuses lone surrogates, which JavaScript clients do send. A mask of the same
        # length leaves every offset where it was.
        scanned = masked(body)
        if scanned == body:
            raise WireError(f"body is not a JSON object: {error}") from error
        found = _members_of_masked(scanned)
    placed = _place((0, len(body), msgspec.Raw(scanned)), found)
    if placed is None:
        raise WireError("body has the same key twice at its top level")
    return placed


def masked(data: bytes) -> bytes:
    """*data* with its surrogates, which may stand alone, as blanks of the same length."""
    return _SURROGATE.sub(rb"\\u0020", data) if b"\\u" in data else data


def members(value: Value) -> dict[str, Value] | None:
    """The members of an object; None if it is none or says a key twice.

    The standard leaves the meaning of a key said twice open, so such an object is left alone.
    """
    try:
        found = _members(value[2])
    except RecursionError as error:
        raise WireError("body is nested too deep to be read") from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return _place(value, found)


def items(value: Value) -> list[Value] | None:
    """The items of an array; None if it is none."""
    start, end, raw = value
    try:
        found = _items(raw)
    except RecursionError as error:
        raise WireError("body is nested too deep to be read") from error
    except msgspec.DecodeError:
        return None
    placed: list[Value] = []
    at = start + 1
    for item in found:
        stop = at + len(item)
        placed.append((at, stop, item))
        at = stop + 1
    # Each item and its comma or bracket take at least these bytes. If together they fill the
    # array, nothing else stands in it: no whitespace, and every offset is right.
    return placed if at == end or not found else _walk_items(value, found)


Object = tuple[int, int, dict[str, Value] | None]
"""Start and end of what stands in an array, and its members as `members` gives them."""


def objects(value: Value) -> list[Object] | None:
    """The items of an array of objects with their members; None if it is no array.

    Read at one go, which is half the work of reading item by item: conversations are such arrays.
    """
    start, end, raw = value
    try:
        found = _objects(raw)
    except RecursionError as error:
        raise WireError("body is nested too deep to be read") from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _one_by_one(value)
    placed: list[Object] = []
    at = start + 1
    for each in found:
        first = at
        fields: dict[str, Value] = {}
        for key, inner in each.items():
            begin = at + len(key) + 4
            at = begin + len(inner)
            fields[key] = (begin, at, inner)
        at += 1 if fields else 2
        placed.append((first, at, fields))
        at += 1
    # As with arrays and objects alone: the sum of what all of it takes at least is the whole.
    return placed if at == end and found else _one_by_one(value)


def _one_by_one(value: Value) -> list[Object] | None:
    listed = items(value)
    if listed is None:
        return None
    return [(each[0], each[1], members(each)) for each in listed]


def string(body: bytes, value: Value | None) -> str | None:
    """A short string such as a name or a type, decoded; None if there is no string."""
    if value is None:
        return None
    start, end, _ = value
    if end - start <= _WORD_BYTES:
        return _word(body[start:end])
    return _read(body[start:end])


def _read(literal: bytes) -> str | None:
    if literal[0] != QUOTE:
        return None
    inner = literal[1:-1].decode("utf-8", "replace")
    return str(json.loads(f'"{inner}"', strict=False)) if "\\" in inner else inner


_word = lru_cache(maxsize=1024)(_read)
"""Roles, types and names of tools stand in every message; ids, which are longer, only once."""


def span(value: Value | None) -> tuple[int, int] | None:
    """Where *value* lies in the body; None if there is none."""
    return None if value is None else value[:2]


def is_true(body: bytes, value: Value | None, absent: bool = False) -> bool:
    """Whether *value* is the literal `true`; *absent* if there is none or it is null."""
    word = b"null" if value is None else body[value[0] : value[1]]
    return absent if word == b"null" else word == b"true"


def _members_of_masked(scanned: bytes) -> dict[str, msgspec.Raw]:
    try:
        return _members(scanned)
    except RecursionError as error:
        raise WireError("body is nested too deep to be read") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WireError(f"body is not a JSON object: {error}") from error


def _place(value: Value, found: dict[str, msgspec.Raw]) -> dict[str, Value] | None:
    placed: dict[str, Value] = {}
    at = value[0] + 1
    for key, raw in found.items():
        at += len(key) + 3
        stop = at + len(raw)
        placed[key] = (at, stop, raw)
        at = stop + 1
    # As with arrays: a member takes at least these bytes. A key said twice, an escape or a
    # space makes the object longer than this sum, so equality proves that there is none.
    return placed if at == value[1] or not found else _walk_members(value, found)


def _walk_members(value: Value, found: dict[str, msgspec.Raw]) -> dict[str, Value] | None:
    """Offsets by reading along the object; None if it holds more members than *found*."""
    start, text = value[0], bytes(value[2])
    placed: dict[str, Value] = {}
    at = 0
    for key, raw in found.items():
        name = (_NEXT_KEY if placed else _FIRST_KEY).match(text, at)
        if name is None:
            return None
        at = name.end()
        stop = at + len(raw)
        # A decoder keeps the last value of a key said twice, so the first would differ here,
        # or the object would not close below.
        if text[at:stop] != bytes(raw):
            return None
        placed[key] = (start + at, start + stop, raw)
        at = stop
    return placed if _CLOSE.fullmatch(text, at) else None


def _walk_items(value: Value, found: list[msgspec.Raw]) -> list[Value] | None:
    start, text = value[0], bytes(value[2])
    placed: list[Value] = []
    at = 0
    for raw in found:
        mark = (_NEXT_ITEM if placed else _FIRST_ITEM).match(text, at)
        if mark is None:
            return None
        at = mark.end()
        stop = at + len(raw)
        placed.append((start + at, start + stop, raw))
        at = stop
    return placed
