"""Line numbers in front of file contents: `     12→text` becomes `12<tab>text`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tokenpak.canonical import Part

# Claude Code up to 2.0 (arrow), `cat -n` and `nl` (tab), OpenCode (bar).
_NUMBERED = re.compile(r"^ *([0-9]{1,9})(?:→|\t)|^([0-9]{5})\| ")

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
        for i, found in enumerate(counted(lines, _NUMBERED)):
            if found is not None:
                number, end = found
                lines[i] = f"{number}\t{lines[i][end:]}"
        return "\n".join(lines)


def counted(lines: Sequence[str], number: re.Pattern[str]) -> list[tuple[int, int] | None]:
    """For each of *lines* its number and where it goes on behind; None if it has none.

    *number* matches it; of its groups one holds the digits. A line counts only if its number
    follows that of the line before it, or the next one's follows it.
    """
    found: list[tuple[int, int] | None] = []
    style, last, waiting = None, -1, None
    for line in lines:
        if style is not None:
            # In a gutter the next line begins as this one, one number on: no need to search.
            prefix = style % (last + 1)
            if line.startswith(prefix):
                last += 1
                if waiting is not None:
                    found[-1], waiting = waiting, None
                found.append((last, len(prefix)))
                continue
        match = number.match(line)
        here = int(match[match.lastindex or 1]) if match else -1
        if match is None or here < 0:
            found.append(None)
            style, last, waiting = None, -1, None
            continue
        own = (here, match.end())
        follows = style is not None and here == last + 1
        if follows and waiting is not None:
            found[-1] = waiting
        found.append(own if follows else None)
        waiting = None if follows else own
        style, last = _style(match), here
    return found


def _style(match: re.Match[str]) -> str:
    """How the line after *match* begins, with a place for its number."""
    whole, digits = match.group(), match[match.lastindex or 1]
    width = len(whole) - len(whole.lstrip(" ")) + len(digits)
    padded = "0" if digits[0] == "0" and len(digits) > 1 else ""
    return f"%{padded}{width}d{whole[width:]}"
