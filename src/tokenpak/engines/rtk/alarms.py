"""Which lines speak of a problem or sum up a run: those that no filter can take away."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from tokenpak.tables import table

_TABLE = table(__package__, "alarms.yaml", dict[str, tuple[str, ...]])


def _any_of(name: str) -> re.Pattern[str]:
    return re.compile("|".join(_TABLE[name]), re.IGNORECASE)


_STATUS, _SUMMARY, _QUIET = _any_of("status"), _any_of("summary"), _any_of("quiet")
_QUIET_ANCHORS = re.compile("|".join(_TABLE["quiet_anchors"]))
_QUIET_STARTS = re.compile(rf"\s*(?:{'|'.join(_TABLE['quiet_starts'])})")
_MAX_CHARS = 4000
"""Characters of a line that are looked at."""
_MAX_QUIET_CHARS = 1000
"""Characters of a line that is looked at closely; a longer one with such a word is kept."""
# Source that a message points to, and frames of a stack: they name, they do not tell.
_QUOTED = re.compile(r"^\s*\d* *[|│](?!\s*(?:Error|Warning)\b)|^\s+at \S+ ?\(|^\s+at [\w.$<>/]+\(")
_CARET = re.compile(r"^[\s|]*[\^~][\^~\s]*$")
_LOCATED = re.compile(r"^\S+:\d+|^E |^>|\S+\(\d+,\d+\)|^(?:error|warning)")


def alarms(text: str, lines: list[str]) -> bytearray:
    """For each of *lines*, those of *text*, whether it must survive: 1 for a problem, 2 for a sum.

    Takes time in proportion to the text, however many lines speak of problems.
    """
    flags = bytearray(len(lines))
    lowered = text.lower()
    lows = lowered.split("\n")
    if len(lowered) != len(text) or len(lows) != len(lines):
        lows = [line.lower() for line in lines]
        lowered = "\n".join(lows)
    starts = list(accumulate((len(line) + 1 for line in lows), initial=0))
    for words, tells, flag in (
        ("summary_words", _SUMMARY.search, 2),
        ("status_words", _STATUS.search, 1),
        ("problems", _speaks, 1),
    ):
        for number in _holding(lowered, starts, _TABLE[words]):
            if flags[number] != 1 and tells(lines[number][:_MAX_CHARS]):
                flags[number] = flag
    for number, flag in enumerate(flags):
        if flag and _is_quoted(lines, number):
            flags[number] = 0
    return flags


def speaks_of_failure(text: str) -> bool:
    """Whether any line of *text* speaks of a problem; then no short form may stand for it."""
    return 1 in alarms(text, text.split("\n"))


def _holding(lowered: str, starts: Sequence[int], words: Sequence[str]) -> Iterator[int]:
    """The numbers of the lines that hold one of *words*, each once a word."""
    for word in words:
        at = lowered.find(word)
        while at >= 0:
            number = bisect_right(starts, at) - 1
            yield number
            at = lowered.find(word, starts[number + 1])


def _speaks(line: str) -> bool:
    """Whether the words of problems in *line* speak of one."""
    low = line.lower()
    if len(low) > _MAX_QUIET_CHARS:
        return True
    if not _QUIET_ANCHORS.search(low) and not _QUIET_STARTS.match(low):
        return True
    rest = _QUIET.sub(" ", line).lower()
    return any(word in rest for word in _TABLE["problems"])


def _is_quoted(lines: list[str], number: int) -> bool:
    line = lines[number][:200]
    if _QUOTED.match(line):
        return True
    below = lines[number + 1][:2000] if number + 1 < len(lines) else ""
    return _CARET.match(below) is not None and not _LOCATED.match(line)
