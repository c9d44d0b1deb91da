"""New texts put into the client's body, with every other byte as it was."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tokenpak.canonical import CanonicalRequest


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
    spans = sorted((*_span(request, index), index) for index in texts)
    view = memoryview(body)
    pieces: list[bytes | memoryview] = []
    at = 0
    for start, end, index in spans:
        if start < at:
            raise ValueError(f"part {index} overlaps another part at byte {start}")
        was = request.parts[index].literal
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


def _span(request: CanonicalRequest, index: int) -> tuple[int, int]:
    if not 0 <= index < len(request.parts):
        raise ValueError(f"part {index} does not exist; the request has {len(request.parts)}")
    part = request.parts[index]
    if part.span is None:
        raise ValueError(f"part {index} is {part.kind} and must not be rewritten")
    return part.span
