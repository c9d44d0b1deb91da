"""Cuts: lines of a huge result that go to a file, with a marker that says which and where.

Only what can be fetched back is cut, and only from output that is printed to be skimmed: searches,
listings, builds, logs. What stays is the head, the tail, every line that speaks of a problem, and
the lines that share most words with the conversation so far.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tokenpak.compression.kinds import Kind

LIMITS: dict[Kind, int] = {
    "search": 3200,
    "listing": 1600,
    "build": 1600,
    "log": 1600,
    "poll": 800,
    "help": 1600,
    "web": 3200,
    "forge": 3200,
}
"""Tokens of a result that stay in sight, by kind, chosen on recorded conversations."""

_HEAD, _TAIL = 0.15, 0.25
_MIN_GAP = 4
"""Lines that a gap must hold: a marker in place of fewer tells less than it costs."""
_ALARM = re.compile(
    r"error|warn|fail|fatal|panic|exception|traceback|denied|refused|undefined|not found|invalid"
    r"|unable|cannot|missing|timed? ?out|abort|killed|conflict|✗|✘|✖|×|●|^\s*[-+~!]\s|^E\s",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z_][\w.-]{3,}")
_MAX_ALARMS = 0.8
"""Share of the limit that problem lines may take; in a log of nothing else they are the noise."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Lines *first* to *last* of a text, counted from 0, that are left out."""

    first: int
    last: int


def gaps(lines: list[str], tokens: int, limit: int, known: set[str]) -> list[Gap]:
    """Which of *lines* to leave out so that about *limit* of *tokens* stay.

    *known* holds the words of the conversation so far. Markers of references always stay.
    """
    size = sum(map(len, lines)) + len(lines)
    budget = limit * size / max(1, tokens)  # in characters; tokens are too dear to count by line
    kept = _ends(lines, budget)
    used = sum(len(lines[i]) + 1 for i in kept)
    for chosen, share in ((_alarms(lines), _MAX_ALARMS), (_related(lines, known), 1.0)):
        for i in chosen:
            if i not in kept and used + len(lines[i]) <= budget * share:
                kept.add(i)
                used += len(lines[i]) + 1
    return _runs([i not in kept for i in range(len(lines))])


def _ends(lines: list[str], budget: float) -> set[int]:
    kept = {i for i, line in enumerate(lines) if line.startswith("[") and " same " in line}
    for order, share in ((range(len(lines)), _HEAD), (range(len(lines) - 1, -1, -1), _TAIL)):
        left = budget * share
        for i in order:
            left -= len(lines[i]) + 1
            if left < 0:
                break
            kept.add(i)
    return kept


def _alarms(lines: list[str]) -> list[int]:
    return [i for i, line in enumerate(lines) if _ALARM.search(line)]


def _related(lines: list[str], known: set[str]) -> list[int]:
    """Lines by the words that they share with the conversation, the most related first."""
    scores = []
    for i, line in enumerate(lines):
        words = set(_WORD.findall(line))
        if shared := len(words & known):
            scores.append((-shared / (3 + len(words)), i))
    return [i for _, i in sorted(scores)]


def _runs(left_out: list[bool]) -> list[Gap]:
    found: list[Gap] = []
    start = None
    for i, out in enumerate([*left_out, False]):
        if out and start is None:
            start = i
        elif not out and start is not None:
            if i - start >= _MIN_GAP:
                found.append(Gap(start, i - 1))
            start = None
    return found


def words_of(text: str) -> set[str]:
    """The words of *text* by which lines are related to it."""
    return set(_WORD.findall(text))
