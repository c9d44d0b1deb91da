"""Every whole line that the conversation holds so far, and where a reader finds it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tokenpak.forms.gutter import counted

_GUTTER = re.compile(r"(0|[1-9][0-9]{0,6})\t")
MAX_PLACES = 6
"""Places remembered for one line. A line that stands everywhere starts no useful reference."""


@dataclass(slots=True)
class Numbered:
    """The lines of one text without their gutter; `numbers[i]` is None where line i shows none.

    `raw` are the lines with it. `pieces[i]` is the same for lines that follow one another and are
    numbered so, or not at all.
    """

    raw: list[str]
    lines: list[str]
    numbers: list[int | None]
    pieces: list[int]
    has_gutter: bool


def read_lines(text: str) -> Numbered:
    """Split *text* at newlines; a gutter is a number and a tab on lines that count upwards."""
    raw = text.split("\n")
    lines = raw
    numbers: list[int | None] = [None] * len(lines)
    pieces: list[int] = []
    if "\t" in text:
        lines = raw.copy()
        # No number is written with zeros in front: "007<tab>x" would not be rebuilt from 7.
        for at, first, contents in counted(lines, _GUTTER):
            end, last = at + len(contents), pieces[-1] if pieces else 0
            lines[at:end], numbers[at:end] = contents, range(first, first + len(contents))
            pieces += [last + 1] * (at - len(pieces)) + [last + 2] * len(contents)
    has_gutter = bool(pieces)
    pieces += [pieces[-1] + 1 if pieces else 0] * (len(lines) - len(pieces))
    return Numbered(raw, lines, numbers, pieces, has_gutter)


def note_numbers(lines: Iterable[str], found: dict[int, str]) -> None:
    """Add *lines* to *found* by the number in their gutter, the first where one stands twice."""
    for line in lines:
        match = _GUTTER.match(line)
        if match:
            found.setdefault(int(match[1]), line[match.end() :])


class Source:
    """A text that references can point to: its name for the reader, its lines by address."""

    __slots__ = ("_known", "_taken", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self._taken: list[tuple[int, list[str]]] = []
        self._known: dict[int, str] = {}

    @property
    def lines(self) -> dict[int, str]:
        """By number; worked out once somebody asks, as most texts are never pointed to."""
        for number, lines in self._taken:
            self._known.update(enumerate(lines, number))
        self._taken.clear()
        return self._known

    def take(self, number: int, lines: list[str]) -> None:
        """Let *lines*, numbered from *number* on, belong to the text; none of them did so far."""
        self._taken.append((number, lines))

    def has_any(self, numbers: range) -> bool:
        """Whether a line of one of *numbers* belongs to the text already."""
        if not self._taken and not self._known:
            return False
        return not self.lines.keys().isdisjoint(numbers)


class _Stretch(NamedTuple):
    """Places from *place* on hold the lines from *number* on of the source *owner*."""

    owner: int
    place: int
    number: int


@dataclass(slots=True)
class LineIndex:
    """Lines of all sources one after another, found by their content.

    `contents[p]` is a line; `stretches[p]` is the same for lines that follow one another in one
    source. Lines of a text that carries a gutter are addressed by the numbers shown, and only
    those can be pointed to; lines of other texts are counted from 1.
    """

    contents: list[str] = field(default_factory=list)
    stretches: list[int] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    by_name: dict[str, Source] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
    """The first place of each line."""
    chars: int = 0
    _more: dict[str, list[int]] = field(default_factory=dict)
    _stretches: list[_Stretch] = field(default_factory=list)
    _named: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, text: Numbered, literal: list[bool] | None = None) -> Source:
        """Take in a text under *name* (`name #2` if there was one); returns its source.

        `literal[i]` is False for lines that do not stand there word for word, being references
        themselves: they can be looked up, but nothing new points to them.
        """
        source = Source(self._unique(name))
        self.sources.append(source)
        self.by_name[source.name] = source
        for at, end, number in _addressed(text):
            if not source.has_any(range(number, number + end - at)):
                self._take(source, text, at, end, number, literal)
                continue
            for i in range(at, end):
                if number + i - at not in source.lines:
                    self._take(source, text, i, i + 1, number + i - at, literal)
        return source

    def where(self, place: int) -> tuple[str, int]:
        """The source that the line at *place* stands in, and its number there."""
        stretch = self._stretches[self.stretches[place]]
        return self.sources[stretch.owner].name, stretch.number + place - stretch.place

    def places(self, line: str) -> Sequence[int]:
        """Where *line* stands, the first few times."""
        first = self.first.get(line)
        return () if first is None else (first, *self._more.get(line, ()))

    def _take(
        self,
        source: Source,
        text: Numbered,
        at: int,
        end: int,
        number: int,
        literal: list[bool] | None,
    ) -> None:
        """Take in lines *at* to *end* of *text*, which are numbered from *number* on."""
        source.take(number, text.lines[at:end])
        for start, stop in _literal(literal, at, end):
            self._offer(text.lines[start:stop], number + start - at)

    def _offer(self, lines: list[str], number: int) -> None:
        """Let references point to *lines* of the last source, numbered from *number* on."""
        owner, place = len(self.sources) - 1, len(self.contents)
        last = self._stretches[-1] if self._stretches else None
        if last is None or (last.owner, place - last.place) != (owner, number - last.number):
            self._stretches.append(_Stretch(owner, place, number))
        self.stretches += [len(self._stretches) - 1] * len(lines)
        self.contents += lines
        self.chars += sum(map(len, lines)) + len(lines)
        note(self.first, self._more, lines, place)

    def _unique(self, name: str) -> str:
        self._named[name] = count = self._named.get(name, 0) + 1
        return name if count == 1 else f"{name} #{count}"


def note(
    first: dict[str, int], more: dict[str, list[int]], lines: Iterable[str], place: int
) -> None:
    """Write down that *lines* stand from *place* on: in *first*, or in *more* if it is again."""
    for at, line in enumerate(lines, place):
        if first.setdefault(line, at) == at:
            continue
        places = more.get(line)
        if places is None:
            more[line] = [at]
        elif len(places) < MAX_PLACES - 1:
            places.append(at)


def _addressed(text: Numbered) -> Iterator[tuple[int, int, int]]:
    """Runs of lines that can be pointed to, from one to before another, and the first's number."""
    if not text.has_gutter:
        yield 0, len(text.lines), 1
        return
    at = 0
    while at < len(text.lines):
        end = bisect_right(text.pieces, text.pieces[at])
        number = text.numbers[at]
        if number is not None:
            yield at, end, number
        at = end


def _literal(flags: list[bool] | None, at: int, end: int) -> Iterator[tuple[int, int]]:
    """Runs of True in *flags* between *at* and *end*."""
    if flags is None:
        yield at, end
        return
    while at < end:
        stop = at
        while stop < end and flags[stop]:
            stop += 1
        if stop > at:
            yield at, stop
        at = stop + 1
