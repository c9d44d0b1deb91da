"""New texts put into the client's body, with every other byte as it was."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from tokenpak.canonical import CanonicalRequest, Part, Span


def rewrite(
    body: bytes, request: CanonicalRequest, texts: Mapping[int, str] | Mapping[int, bytes]
) -> bytes:
    """*body* with the text of `request.parts[i]` replaced by `texts[i]` for each i.

    A text given as bytes is the finished JSON string, as `literal` makes it. Raises ValueError if a
    part does not exist, may not be rewritten, overlaps another or does not stand in *body* where
    its span says.
    """
    if not texts:
        return body
    parts = request.parts
    view = memoryview(body)
    pieces: list[bytes | memoryview] = []
    at = 0
    for (start, end), index in sorted([(_span(parts, index), index) for index in texts]):
        if start < at:
            raise ValueError(f"part {index} overlaps another part at byte {start}")
        was = parts[index].literal
        if end - start != len(was) or not body.startswith(was, start):
            raise ValueError(f"part {index} does not stand at bytes {start} to {end} of this body")
        text = texts[index]
        pieces += (view[at:start], literal(text) if isinstance(text, str) else text)
        at = end
    pieces.append(view[at:])
    return b"".join(pieces)


def literal(text: str) -> bytes:
    """*text* as a JSON string: UTF-8, with no escapes but those that JSON demands.

    Lone surrogates have no UTF-8 and become `\\ud800` escapes.
    """
    return json.dumps(text, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _span(parts: Sequence[Part], index: int) -> Span:
    if not 0 <= index < len(parts):
        raise ValueError(f"part {index} does not exist; the request has {len(parts)}")
    span = parts[index].span
    if span is None:
        raise ValueError(f"part {index} is {parts[index].kind} and must not be rewritten")
    return span
