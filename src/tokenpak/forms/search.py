"""Search results grouped by file: after `path:12:text` further hits in the file drop the path."""

from __future__ import annotations

import re

from tokenpak.canonical import Part
from tokenpak.toolcall import prints_search

HIT = re.compile(r"^([^\s:]+):\d+:")
"""A line that names the file of a hit."""
_CONTEXT = re.compile(r"-\d+-")
_GROUPED = re.compile(r"^ \d+[:-]", re.MULTILINE)


class Search:
    """Of the lines of one file that follow one another, the first keeps the path: ` 12:text`.

    The first hit stays to the letter, as agents cite it as `path:12`.

    Only results of search commands: linters print the same shape, and their readers need the
    path on every line.
    """

    name = "search"
    loss = "whether the output came grouped already, which reads the same"

    def apply(self, text: str, part: Part) -> str:
        if ":" not in text or not prints_search(part.call) or _GROUPED.search(text):
            return text
        lines = text.split("\n")
        out: list[str] = []
        group: list[str] = []
        path = ""
        for line, owner in zip(lines, _owners(lines), strict=True):
            if owner != path:
                _flush(out, path, group)
                path, group = owner, []
            (group if owner else out).append(line)
        _flush(out, path, group)
        return "\n".join(out)


def _owners(lines: list[str]) -> list[str]:
    """For each line the path it belongs to, or an empty string: hits, and context beside hits."""
    owners = [match[1] if (match := HIT.match(line)) else "" for line in lines]
    for order in (range(1, len(lines)), range(len(lines) - 2, -1, -1)):
        step = -1 if order.step > 0 else 1
        for i in order:
            near = owners[i + step]
            if near and not owners[i] and lines[i].startswith(near):
                if _CONTEXT.match(lines[i], len(near)):
                    owners[i] = near
    return owners


def _flush(out: list[str], path: str, group: list[str]) -> None:
    """Write *group*: whole up to the first hit, which names the path beyond doubt."""
    first = next((i for i, line in enumerate(group) if HIT.match(line)), len(group))
    out += group[: first + 1]
    out += [" " + line[len(path) + 1 :] for line in group[first + 1 :]]
