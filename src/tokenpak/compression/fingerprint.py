"""Digests of a request's parts: what the memo is keyed by, and what the ledger compares."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import takewhile

from xxhash import xxh3_128_digest

from tokenpak.canonical import CanonicalRequest, Part
from tokenpak.flow import Trail

_NAME = b'"cache_control"'
_VALUE = rb'"cache_control"\s*:\s*(?:\{[^{}]*\}|null)'
_MARKER = re.compile(rb",\s*" + _VALUE + rb"|" + _VALUE + rb"\s*(?:,\s*)?")


def digests(parts: Sequence[Part]) -> list[bytes]:
    """A digest of each of *parts*: of all that packing depends on, wherever it stands.

    Where a message begins counts: epochs are planned by the answers so far.
    Cache markers do not count. They move from turn to turn, on what the prefix has in common.
    """
    found = []
    message = -2
    for part in parts:
        begins, message = part.message != message, part.message
        made = part.digest
        # Parts that were read for an earlier request bring theirs along.
        if made is None or made[0] is not begins:
            made = part.digest = begins, _digest(part, begins)
        found.append(made[1])
    return found


def _digest(part: Part, begins: bool) -> bytes:
    literal = part.literal
    if part.span is None and _NAME in literal:
        literal = _unmarked(literal, part)
    call = b"" if part.call is None else part.call.literal
    head = _head(part.kind, part.role, part.tool, part.span is None, begins)
    return xxh3_128_digest(b"\0".join((head, call, literal)))


def chain(digests: Sequence[bytes], seed: bytes = b"") -> list[bytes]:
    """A key for every prefix of *digests*, from the empty one on."""
    key = xxh3_128_digest(seed)
    keys = [key]
    for digest in digests:
        key = xxh3_128_digest(key + digest)
        keys.append(key)
    return keys


def trail(
    request: CanonicalRequest,
    body: bytes,
    digests: Sequence[bytes],
    texts: Mapping[int, str],
    saved: Mapping[int, int],
) -> Trail:
    """The trail of *request*, read from *body*, of which `parts[i]` is sent as `texts[i]`.

    *saved* holds the tokens saved on each of these parts.
    """
    parts = request.parts
    sizes = [len(part.literal) for part in parts]
    for number, text in texts.items():
        sizes[number] = len(text)
    start, end = request.tools_span or (0, 0)
    return Trail(
        digests=tuple(digests),
        messages=tuple([part.message for part in parts]),
        roles=tuple([part.role for part in parts]),
        system=tuple(part.literal for part in takewhile(lambda each: each.kind == "system", parts)),
        tools=_without_markers(body[start:end]),
        sizes=tuple(sizes),
        sent={number: hash(text) for number, text in texts.items()},
        saved=dict(saved),
    )


@lru_cache(maxsize=512)
def _head(kind: str, role: str, tool: str | None, fixed: bool, begins: bool) -> bytes:
    return f"{kind}\0{role}\0{tool}\0{fixed}\0{begins}\0".encode("utf-8", "backslashreplace")


def _unmarked(literal: bytes, part: Part) -> bytes:
    # Of texts the literal is the string alone; what looks like a marker there is text.
    return _without_markers(literal) if part.kind in ("image", "other") else literal


def _without_markers(blocks: bytes) -> bytes:
    return _MARKER.sub(b"", blocks) if _NAME in blocks else blocks
