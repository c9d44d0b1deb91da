"""Segments: what the pieces of a conversation are, by content, with their size and weight."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tokenpak.canonical import Part
from tokenpak.errors import WireError
from tokenpak.recipes import SegmentType
from tokenpak.recipes.running import is_json
from tokenpak.tokens import count

_FENCE = re.compile(r"^(?P<fence>```+|~~~+)[ \t]*(?P<language>[\w+#.-]*)[^\n]*\n", re.MULTILINE)
_MARKDOWN = re.compile(r"^(?:#{1,6} |\s*[-*+] |\s*\d+[.)] |> |\|.*\|)", re.MULTILINE)
_BY_KIND: dict[str, SegmentType] = {
    "tool_use": "tool_call",
    "tool_result": "tool_result",
    "system": "system",
}

# How much an answer depends on a segment of the type, 0 to 10: instructions before material.
_PRIORITY: dict[SegmentType, float] = {
    "system": 10.0,
    "text": 8.0,
    "tool_call": 7.0,
    "code": 6.0,
    "markdown": 6.0,
    "json": 5.0,
    "tool_result": 4.0,
}


@dataclass(frozen=True, slots=True)
class Segment:
    """One typed piece: `tokens` by exact o200k count, `priority` from 0 to 10.

    `message` counts the messages from 0, -1 for a system prompt outside of them; `language` is the
    word after a code fence.
    """

    type: SegmentType
    text: str
    tokens: int
    priority: float
    message: int
    role: str
    language: str | None = None


def segmentize(parts: Sequence[Part]) -> list[Segment]:
    """The segments of *parts* in order; parts without text (images, thinking) have none."""
    found = []
    for part in parts:
        if part.kind not in ("text", *_BY_KIND):
            continue
        try:
            text = part.text
        except WireError:
            continue
        for kind, piece, language in pieces(part, text):
            found.append(
                Segment(
                    kind, piece, count(piece), _PRIORITY[kind], part.message, part.role, language
                )
            )
    return found


def pieces(part: Part, text: str) -> Iterator[tuple[SegmentType, str, str | None]]:
    """Type, text and language of each piece of *text*, which *part* holds.

    The pieces follow one another in *text*; only blanks lie between them.
    """
    if part.kind in _BY_KIND:
        yield _BY_KIND[part.kind], text, None
        return
    at = 0
    while opening := _FENCE.search(text, at):
        close = re.compile(rf"^{re.escape(opening['fence'])}[ \t]*$", re.MULTILINE)
        closing = close.search(text, opening.end())
        end = closing.end() if closing else len(text)
        yield from _prose(text[at : opening.start()])
        yield "code", text[opening.start() : end], opening["language"] or None
        at = end
    yield from _prose(text[at:])


def _prose(text: str) -> Iterator[tuple[SegmentType, str, str | None]]:
    if not text.strip():
        return
    if is_json(text):
        yield "json", text, None
    else:
        yield ("markdown" if _MARKDOWN.search(text) else "text"), text, None
