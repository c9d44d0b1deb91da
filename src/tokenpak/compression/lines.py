"""Every whole line that the conversation holds so far, and where a reader finds it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tokenpak.forms.gutter import counted

_GUTTER = re.compile(r"([0-9]{1,7})\t")
MAX_PLACES = 6
"""Places remembered for one line. A line that stands everywhere starts no useful reference."""


@dataclass(slots=True)
class Numbered:
    """The lines of one text without their gutter; `numbers[i]` is None where line i shows none."""

    lines: list[str]
    numbers: list[int | None]
    has_gutter: bool


def read_lines(text: str) -> Numbered:
    """Split *text* at newlines; a gutter is a number and a tab on lines that count upwards."""
    raw = text.split("\n")
    plain: list[int | None] = [None] * len(raw)
    if "\t" not in text:
        return Numbered(raw, plain, False)
    lines = list(raw)
    for i, found in enumerate(counted(raw, _GUTTER)):
        if found is not None:
            number, end = found
            # "007<tab>x" would not be rebuilt from the number 7.
            if len(str(number)) == end - 1:
                lines[i], plain[i] = raw[i][end:], number
    return Numbered(lines, plain, any(n is not None for n in plain))


def numbered_lines(lines: list[str]) -> dict[int, str]:
    """Lines by the number in their gutter, the first where a number stands twice."""
    found: dict[int, str] = {}
    for line in lines:
        match = _GUTTER.match(line)
        if match:
            found.setdefault(int(match[1]), line[match.end() :])
    return found


@dataclass(slots=True)
class Source:
    """A text that references can point to: its name for the reader, its lines by address."""

    name: str
    lines: dict[int, str]


@dataclass(slots=True)
class LineIndex:
    """Lines of all sources one after another, found by their content.

    `contents[p]` is a line, `addresses[p]` its number in its source, `owners[p]` the source.
    Lines of a text that carries a gutter are addressed by the numbers shown, and only those can be
    pointed to; lines of other texts are counted from 1.
    """

    contents: list[str] = field(default_factory=list)
    addresses: list[int] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    by_name: dict[str, Source] = field(default_factory=dict)
    places: dict[str, list[int]] = field(default_factory=dict)
    named: dict[str, int] = field(default_factory=dict)
    chars: int = 0

    def add(self, name: str, text: Numbered, literal: list[bool] | None = None) -> Source:
        """Take in a text under *name* (`name #2` if there was one); returns its source.

        `literal[i]` is False for lines that do not stand there word for word, being references
        themselves: they can be looked up, but nothing new points to them.
        """
        source = Source(self._unique(name), {})
        owner = len(self.sources)
        self.sources.append(source)
        self.by_name[source.name] = source
        known, contents, addresses = source.lines, self.contents, self.addresses
        place = start = len(contents)
        for i, line in enumerate(text.lines):
            number = text.numbers[i] if text.has_gutter else i + 1
            if number is None or number in known:
                continue
            known[number] = line
            if literal is not None and not literal[i]:
                continue
            places = self.places.get(line)
            if places is None:
                self.places[line] = [place]
            elif len(places) < MAX_PLACES:
                places.append(place)
            contents.append(line)
            addresses.append(number)
            place += 1
        self.chars += sum(map(len, contents[start:])) + place - start
        self.owners += [owner] * (place - len(self.owners))
        return source

    def _unique(self, name: str) -> str:
        self.named[name] = count = self.named.get(name, 0) + 1
        return name if count == 1 else f"{name} #{count}"
