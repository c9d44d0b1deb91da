"""What goes of a text, what stands in its place, and that this never makes it longer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tokenpak.tokens import count


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


def left_out(number: int, what: str) -> str:
    """The note for *number* of what one is called *what*: `[1,200 similar lines left out]`."""
    return f"[{number:,} {what}{'' if number == 1 else 's'} left out]"


def not_longer(short: str, content: str) -> str:
    """*short*, unless it has as many tokens (o200k) as *content* or more, which then stays."""
    if short == content or not short and content:
        return content
    # Fewer characters can be more tokens: runs of blanks are single tokens.
    return short if len(short) < len(content) and count(short) < count(content) else content
