"""What goes of a text and what stands in its place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Cut(NamedTuple):
    """The stretch of a text that goes, and what comes in its place."""

    start: int
    end: int
    note: str


def apply(text: str, cuts: Iterable[Cut]) -> str:
    """*text* with *cuts* made, in any order; one that begins inside of another is passed over."""
    pieces: list[str] = []
    at = 0
    for start, end, note in sorted(cuts, key=lambda cut: (cut.start, -cut.end)):
        if start >= at:
            pieces += (text[at:start], note)
            at = end
    return "".join([*pieces, text[at:]])


def left_out(first: int, last: int, line_numbers: bool) -> str:
    """What a note says of the lines *first* to *last*, counted from 1."""
    return (
        f"lines {first}-{last} left out" if line_numbers else f"{last - first + 1} lines left out"
    )
