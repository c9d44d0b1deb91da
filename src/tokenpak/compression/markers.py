"""The words in which a packed result points back: how a marker is written, read and imitated.

    [lines 40-92 same as in Read app.ts above]
    [lines 42-94 same as lines 40-92 of Read app.ts #2 above]
    [line 42 same as line 12 above]
    [53 lines same as lines 40-92 of Write app.ts above]
    [same system-reminder as above]
    [lines 40-92 left out: search output; whole text in /home/me/.tokenpak/raw/0123456789abcdef.txt]
    [lines 120-300 left out, see above; hits in app.ts, cart.ts]
    [build output of 210 lines cleared; whole text in /home/me/.tokenpak/raw/0123456789abcdef.txt]
    [12 lines left out; whole text in /home/me/.tokenpak/raw/0123456789abcdef.txt]

The last is that of a filter, in `engines.rtk.filtering`; it may stand as `[whole text in …]`.

Line numbers are those shown in front of the lines or, where none are shown, counted from 1. `#2` is
the second result of that name; where none is named, the lines are of this very result. A marker
that begins with a line number stands in a text whose own lines are numbered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

SAME_REMINDER = "[same system-reminder as above]"

_LINES = r"lines? (?P<{0}>\d+)(?:-(?P<{1}>\d+))?"
_MARKER = re.compile(
    rf"\[(?:{_LINES.format('first', 'last')}|(?P<count>\d+) lines?) same as "
    r"(?:in (?P<whole>[^\[\]]+)"
    rf"|{_LINES.format('start', 'end')}(?: of (?P<source>[^\[\]]+))?) above\]"
)
_START = (
    r"\[(?:(?:lines? \d+(?:-\d+)?|\d+ lines?|) ?same "
    r"|(?:lines \d+-\d+|\d+ lines?) left out|whole text in "
    r"|\w+ output of \d+ lines cleared)"
)
_IMITATION = re.compile(rf"^\\*{_START}", re.MULTILINE)
_STARTS = ("[", "\\")
_ESCAPED = re.compile(rf"^\\+{_START}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reference:
    """A run of whole lines that stands already in the context, in *source* or the same text.

    `start` to `end` are line numbers in the source, both included; `first` is the number of the
    run's first line in the text that holds the marker, None where that text has no numbers.
    """

    source: str | None
    start: int
    end: int
    first: int | None = None

    @property
    def count(self) -> int:
        return self.end - self.start + 1

    def __str__(self) -> str:
        source = f" of {self.source}" if self.source is not None else ""
        there = _lines(self.start, self.end) + source
        if self.first is None:
            lines = "line" if self.count == 1 else "lines"
            return f"[{self.count} {lines} same as {there} above]"
        here = _lines(self.first, self.first + self.count - 1)
        if self.first == self.start and self.source is not None:
            return f"[{here} same as in {self.source} above]"
        return f"[{here} same as {there} above]"


def _lines(first: int, last: int) -> str:
    return f"lines {first}-{last}" if last > first else f"line {first}"


def left_out(first: int, last: int, kind: str, path: str | None, hits: Sequence[str] = ()) -> str:
    """The marker of lines that went to the file *path*; None if a marker above names it.

    *hits* are the files that only those lines of a search named.
    """
    where = ", see above" if path is None else f": {kind} output; whole text in {path}"
    found = f"; hits in {', '.join(hits)}" if hits else ""
    return f"[lines {first}-{last} left out{where}{found}]"


def cleared(kind: str, lines: int, path: str | None) -> str:
    """The marker of an old result that was cleared whole; *path* None if it is kept nowhere."""
    where = f"whole text in {path}" if path is not None else "run it again to see it"
    return f"[{kind} output of {lines} lines cleared; {where}]"


def aged(kind: str, lines: int, kept: int, how: str) -> str:
    """The marker of an old result of which *kept* lines are shown; *how* says how to get it back.

    It begins as that of a result that was cleared whole.
    """
    but = f" but for {kept}" if kept else ""
    return f"[{kind} output of {lines} lines cleared{but}; {how}]"


def parse(line: str) -> Reference | None:
    """The reference that *line* consists of; None if it is no marker."""
    if not line.startswith("["):
        return None
    match = _MARKER.fullmatch(line)
    if match is None:
        return None
    first = int(match["first"]) if match["first"] is not None else None
    if match["whole"] is not None:
        if first is None:
            return None
        return Reference(match["whole"], first, int(match["last"] or first), first)
    start = int(match["start"])
    return Reference(match["source"], start, int(match["end"] or start), first)


def imitates(text: str) -> bool:
    """Whether a line of *text* could be taken for a marker."""
    # Most texts are told apart here, faster than by the pattern.
    if "[" not in text:
        return False
    if not (text.startswith(_STARTS) or any("\n" + start in text for start in _STARTS)):
        return False
    return _IMITATION.search(text) is not None


def neutralise(text: str) -> str:
    """*text* with a backslash before every line that could be taken for a marker."""
    return _IMITATION.sub(lambda match: "\\" + match.group(), text)


def restore(text: str) -> str:
    """The inverse of `neutralise`."""
    return _ESCAPED.sub(lambda match: match.group()[1:], text)
