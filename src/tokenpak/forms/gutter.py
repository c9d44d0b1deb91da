"""Line numbers in front of file contents: `     12→text` becomes `12<tab>text`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import is_

from tokenpak.canonical import Part

# Claude Code up to 2.0 (arrow), `cat -n` and `nl` (tab), OpenCode (bar).
_NUMBERED = re.compile(r"^ *([0-9]{1,9})(?:→|\t)|^([0-9]{5})\| ")

COPIED = re.compile(r"^ *\d+→", re.MULTILINE)
"""A gutter in a tool's input: the agent took it for part of the file."""
_PROSE_CHARS = 80
"""Mean length of a line from which on Claude Code's gutter stays: padding is under a twentieth of
such a text, and agents paste prose whole, arrows and all, into an edit (recorded once)."""
_FIRST_LOOK, _GROWTH = 16, 8
"""Lines of a run looked at together, and how many times as many when all of them belong to it."""
_BLOCK = 64
"""Line numbers that are written out together, and remembered: they come again in every file."""


class Gutter:
    """Every number stays, as agents cite them; padding and the wide separator go.

    Applies only to lines that are numbered one after another, so a column of other numbers
    is never mistaken for a gutter.
    """

    name = "gutter"
    loss = "the padding of line numbers and the style of their separator"

    def apply(self, text: str, part: Part) -> str:
        if "→" not in text and "\t" not in text and "| " not in text:
            return text
        lines = text.split("\n")
        if "→" in text and len(text) > _PROSE_CHARS * len(lines):
            return text
        for at, first, contents in counted(lines, _NUMBERED):
            lines[at : at + len(contents)] = with_numbers(contents, first)
        return "\n".join(lines)


def with_numbers(lines: Sequence[str], first: int) -> list[str]:
    """*lines* with a number and a tab in front, from *first* on."""
    return list(map(str.__add__, _prefixes("%d\t", first, len(lines)), lines))


def counted(lines: Sequence[str], number: re.Pattern[str]) -> Iterator[tuple[int, int, list[str]]]:
    """The runs of at least two of *lines* that are numbered one after another.

    Of each where it begins, its first number, and its lines without their numbers. *number*
    matches the number of a line with all that sets it off; of its groups one holds the digits.
    Lines of a run that was given may be changed before the next is asked for.
    """
    at = 0
    while at < len(lines):
        match = number.match(lines[at])
        if match is None:
            at += 1
            continue
        first = following = _value(match)
        contents: list[str] = []
        while match is not None and _value(match) == following:
            contents.append(match.string[match.end() :])
            contents += _alike(lines, at + len(contents), _style(match), following + 1)
            following, end = first + len(contents), at + len(contents)
            match = number.match(lines[end]) if end < len(lines) else None
        if len(contents) > 1:
            yield at, first, contents
        at += len(contents)


def _alike(lines: Sequence[str], at: int, style: str, first: int) -> list[str]:
    """The contents of the lines from *at* on that begin in *style* and count on from *first*."""
    found: list[str] = []
    size = _FIRST_LOOK
    while True:
        some = lines[at + len(found) : at + len(found) + size]
        prefixes = _prefixes(style, first + len(found), len(some))
        contents = list(map(str.removeprefix, some, prefixes))
        # A line that begins otherwise comes back as it is.
        if any(map(is_, contents, some)):
            return found + contents[: list(map(is_, contents, some)).index(True)]
        found += contents
        if len(some) < size:
            return found
        size *= _GROWTH


def _prefixes(style: str, first: int, count: int) -> list[str]:
    """*style* with each of *count* numbers from *first* on."""
    if count <= _FIRST_LOOK:
        return [style % number for number in range(first, first + count)]
    block, start = divmod(first, _BLOCK)
    found = _block(style, block)[start:]
    while len(found) < count:
        block += 1
        found += _block(style, block)
    return found[:count]


@lru_cache(maxsize=1024)
def _block(style: str, number: int) -> list[str]:
    return [style % each for each in range(number * _BLOCK, (number + 1) * _BLOCK)]


def _value(match: re.Match[str]) -> int:
    return int(match[match.lastindex or 1])


def _style(match: re.Match[str]) -> str:
    """How the line after *match* begins, with a place for its number."""
    whole, digits = match.group(), match[match.lastindex or 1]
    width = len(whole) - len(whole.lstrip(" ")) + len(digits)
    padded = "0" if digits[0] == "0" and len(digits) > 1 else ""
    return f"%{padded}{width}d{whole[width:]}"
