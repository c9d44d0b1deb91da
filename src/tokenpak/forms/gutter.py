"""Line numbers in front of file contents: `     12→text` becomes `12<tab>text`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tokenpak.canonical import Part

# Claude Code up to 2.0 (arrow), `cat -n` and `nl` (tab), OpenCode (bar).
_NUMBERED = re.compile(r"^ *(\d+)(?:→|\t)|^(\d{5})\| ")

COPIED = re.compile(r"^ *\d+→", re.MULTILINE)
"""A gutter in a tool's input: the agent took it for part of the file."""
_PROSE_CHARS = 80
"""Mean length of a line from which on the gutter stays: padding is under a twentieth of such a
text, and agents paste prose whole, gutter and all, into an edit (recorded once)."""


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
        if len(text) > _PROSE_CHARS * len(lines):
            return text
        found = [_NUMBERED.match(line) for line in lines]
        numbers = [int(m.group(1) or m.group(2)) if m else None for m in found]
        for i, match in enumerate(found):
            if match and counts_upwards(numbers, i):
                lines[i] = f"{numbers[i]}\t{lines[i][match.end() :]}"
        return "\n".join(lines)


def counts_upwards(numbers: Sequence[int | None], i: int) -> bool:
    """Whether the number of line *i* follows that of the line before, or the next follows it."""
    here = numbers[i]
    if here is None:
        return False
    before = numbers[i - 1] if i else None
    after = numbers[i + 1] if i + 1 < len(numbers) else None
    return before == here - 1 or after == here + 1
