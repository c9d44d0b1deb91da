"""Runs of blank lines and spaces at the end of lines."""

from __future__ import annotations

import re

from tokenpak.canonical import Part

_TRAILING = re.compile(r"[ \t]+(?=\n|\Z)")
_RUN = re.compile(r"\n{4,}")


class Blanks:
    """Trailing blanks go and more than two blank lines in a row become two.

    File contents are left alone: an agent that copies a line into an edit needs its very bytes.
    """

    name = "blanks"
    loss = "blanks at the end of lines, the third and further blank lines of a run"

    def apply(self, text: str, part: Part) -> str:
        if part.tool is not None and part.tool.lower() in READERS:
            return text
        return _RUN.sub("\n\n\n", _TRAILING.sub("", text))


READERS = frozenset({"read", "read_file", "view", "view_file", "readfile", "open", "cat"})
