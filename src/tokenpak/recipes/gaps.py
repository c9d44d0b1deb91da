"""Lines left out with a note in their place, and the lines that never are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tokenpak.engines.rtk.alarms import alarms
from tokenpak.processors.cut import left_out

SHOWN = 3
"""Times that a problem is shown that differs in figures only."""

_MIN_GAP = 2
_FIGURE = re.compile(r"\d+")
_NOTE = re.compile(r"^\\*\[[\d,]+ lines? left out", re.MULTILINE)
_DUTY = re.compile(r"\b(?:must|never|do not|don't|shall|required)\b", re.IGNORECASE)


def urgent(lines: Sequence[str]) -> list[bool]:
    """Which of *lines* speak of a problem; of those that differ in figures only, the first few."""
    seen: Counter[str] = Counter()
    found = []
    for line, flag in zip(lines, alarms("\n".join(lines), list(lines)), strict=True):
        key = _FIGURE.sub("#", line[:400]) if flag == 1 else ""
        seen[key] += bool(key)
        found.append(bool(key) and seen[key] <= SHOWN)
    return found


def binding(line: str) -> bool:
    """Whether *line* says what must or must not be."""
    return _DUTY.search(line) is not None


def joined(lines: Sequence[str], kept: Sequence[bool]) -> str:
    """The *kept* ones of *lines*, and between them how many are missing.

    A single line is shown instead of a note. Lines that imitate a note get a backslash.
    """
    out: list[str] = []
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and not kept[end]:
            end += 1
        if end - at >= _MIN_GAP:
            out.append(left_out(end - at, "line"))
        else:
            out += [_honest(line) for line in lines[at:end]]
        if end < len(lines):
            out.append(_honest(lines[end]))
        at = end + 1
    return "\n".join(out)


def _honest(line: str) -> str:
    return "\\" + line if line[:1] in "[\\" and _NOTE.match(line) else line
