"""Search results grouped by file: after `path:12:text` further lines of the file drop the path."""

from __future__ import annotations

import re
from typing import NamedTuple

from tokenpak.canonical import Part
from tokenpak.toolcall import prints_search

HIT = re.compile(r"^([^\s:]+):\d+:")
"""A line that names the file of a hit."""
BETWEEN = "--"
"""What stands between hits that are not next to one another."""
_CONTEXT = re.compile(r"-\d+-")
_GROUPED = re.compile(r"^ \d+[:-]", re.MULTILINE)


class Search:
    """Of the lines of one file that follow one another, the first keeps the path: ` 12:text`.

    So does the first hit, as agents cite it as `path:12`, and the first line that names the file
    in another way: Claude Code prints the lines around a hit with the whole path from the root.

    Only results of search commands: linters print the same shape, and their readers need the
    path on every line.
    """

    name = "search"
    loss = (
        "whether the output came grouped already, and which lines around a hit named the file from"
        " the root; both read the same"
    )

    def apply(self, text: str, part: Part) -> str:
        if ":" not in text or not prints_search(part.call) or _GROUPED.search(text):
            return text
        lines = text.split("\n")
        out: list[str] = []
        file, named, hit = "", set[str](), False
        for line, owner in zip(lines, _owners(lines), strict=True):
            if owner is None:
                hit = False
                if line != BETWEEN:
                    file = ""
                out.append(line)
                continue
            if owner.file != file:
                file, named, hit = owner.file, set(), False
            path, is_hit = line[: owner.end], line[owner.end] == ":"
            if path in named and (hit or not is_hit):
                line = " " + line[owner.end + 1 :]
            named.add(path)
            hit = hit or is_hit
            out.append(line)
        return "\n".join(out)


class _Owner(NamedTuple):
    """The file that a line is of, and where in the line its path ends."""

    file: str
    end: int


def _owners(lines: list[str]) -> list[_Owner | None]:
    """The file of each line: of hits, and of context beside hits."""
    owners = [
        _Owner(match[1], match.end(1)) if (match := HIT.match(line)) else None for line in lines
    ]
    for order in (range(1, len(lines)), range(len(lines) - 2, -1, -1)):
        step = -1 if order.step > 0 else 1
        for i in order:
            near = owners[i + step]
            if near is not None and owners[i] is None:
                owners[i] = _context(lines[i], near.file)
    return owners


def _context(line: str, file: str) -> _Owner | None:
    """Whose *line* is, if it is one beside a hit in *file*."""
    start = 0
    if not line.startswith(file):
        start = line.find(f"/{file}-") + 1
        if not start or not line.startswith("/") or " " in line[:start]:
            return None
    end = start + len(file)
    return _Owner(file, end) if _CONTEXT.match(line, end) else None
