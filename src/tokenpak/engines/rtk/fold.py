"""Repeated lines: identical ones, runs that stood above, and lines that differ in figures only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Mapping
from itertools import groupby

from tokenpak.engines.rtk.frames import without_library_frames
from tokenpak.engines.rtk.values import outliers, told

_TIMES = 3
_RUN = 3
"""Lines whose repetition is noticed."""
_QUOTE = 40
"""Characters by which lines that stood above are named."""
_MIN_RUN = 4
_MIN_RUN_CHARS = 120
_MIN_ALIKE = 4
_SAMPLES = 2
"""Lines of a template that are shown in full at its beginning."""
_MIN_TEMPLATE = 12
_MIN_KEY = 60
_MIN_LIST = 8
_MAX_LINE = 2000
# What differs between lines of one kind: words with figures, names with hyphens, levels, methods.
_VARIABLE = re.compile(
    r"((?<![\w.%+~-])[\w.%+~-]*\d[\w.%+~-]*|\b[A-Za-z]+(?:-[A-Za-z]+)+\b|\b(?:TRACE|DEBUG|INFO)\b"
    r"|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b)"
)
_STAMP = re.compile(
    r"^(?:time=\"|ts=\"?|\[)?(?:\w{3}[ ]+\d{1,2} )?\d{0,4}[-/:.]?\d\d[-/:.]\d\d[-/:.\dT ]*"
    r"(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?[\]\"]?"
)
_RANDOM = re.compile(r"0x[0-9a-fA-F]+|\b[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}\b|\b[0-9a-f]{12,64}\b")
_MAY_BE_RANDOM = re.compile(r"0x[0-9a-f]|[0-9a-f]{12}|[0-9a-fA-F]{8}-")
# Hours and what stands beside them; a date alone may be data.
_TIME = re.compile(
    r"(?:\d{4}[-/]\d\d[-/]\d\d[T ])?\b\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"
)
_LOCATED = re.compile(r"^\s*(?:-->\s*)?[^\s:()]+(?::\d|\(\d)")
_DIGIT = re.compile(r"\d")
_LOG_LINE = re.compile(
    r"^\S{0,40}\s?(?:\[?\d{4}[-/]\d\d[-/]\d\d|\w{3} [ \d]\d \d\d:\d\d"
    r"|\[?\d\d:\d\d:\d\d|[IWEF]\d{4} )"
)


def same(lines: list[str], times: int = _TIMES, *, frames: bool = True) -> list[str]:
    """*lines* with runs of one line counted, and longer runs named by their first line.

    A line counts as a run if it comes *times* over, never with 0. With *frames* long stacks of
    calls are told by one's own and a few others.
    """
    shown = without_library_frames(lines) if frames else lines
    return _again(_counted(shown, times) if times else shown)


def _counted(lines: list[str], times: int) -> list[str]:
    out: list[str] = []
    for line, run in groupby(lines):
        number = len(list(run))
        if number >= max(2, times) and line.strip():
            out += [line, f"[{number - 1} more of this line]"]
        else:
            out += [line] * number
    return out


def _again(lines: list[str]) -> list[str]:
    """Runs of at least four lines that stood above, replaced by a line that quotes the first."""
    often = {line for line, times in Counter(lines).items() if times > 1}
    if len(often) < 2:
        return lines
    seen: dict[tuple[str, ...], int] = {}
    out: list[str] = []
    at = 0
    while at < len(lines):
        first = seen.get(tuple(lines[at : at + _RUN])) if lines[at] in often else None
        length = 0
        if first is not None:
            while (
                at + length < len(lines)
                and first + length < at
                and lines[first + length] == lines[at + length]
            ):
                length += 1
        while length and not lines[at + length - 1].strip():
            length -= 1
        if length >= _MIN_RUN and sum(map(len, lines[at : at + length])) >= _MIN_RUN_CHARS:
            shown = next(each.strip() for each in lines[at : at + length] if each.strip())
            out.append(f"[{length} lines as above from: {shown[:_QUOTE]}]")
        else:
            length = 1
            out.append(lines[at])
        for i in range(at, min(at + length, len(lines) - _RUN + 1)):
            if lines[i] in often:
                seen.setdefault(tuple(lines[i : i + _RUN]), i)
        at += length
    return out


def looks_like_log(lines: list[str]) -> bool:
    """Whether most of *lines* begin with a time."""
    sample = lines[:: max(1, len(lines) // 200)]
    return len(lines) >= 8 and sum(1 for x in sample if _LOG_LINE.match(x)) * 10 >= 6 * len(sample)


def alike(lines: list[str], flags: bytearray) -> list[str]:
    """*lines* with those that differ in nothing but times and random ids told by three of them.

    Ids count as such only beside a time or a problem: else they may be what was asked for.
    """
    keys = [_key(line, flag == 1) for line, flag in zip(lines, flags, strict=True)]
    often = {key for key, times in Counter(keys).items() if key and times > _MIN_ALIKE}
    if not often:
        return lines
    places: dict[str, list[int]] = {}
    for number, key in enumerate(keys):
        if key in often:
            places.setdefault(key, []).append(number)
    gone = {number for same in places.values() for number in same[2:-1]}
    notes = {
        same[1]: f"[{len(same) - 3} more of this line at other times, with other ids]"
        for same in places.values()
    }
    return _without(lines, gone, notes)


def _without(lines: list[str], gone: Container[int], notes: Mapping[int, str]) -> list[str]:
    """*lines* but those whose numbers are in *gone*, with each of *notes* behind its line."""
    out = []
    for number, line in enumerate(lines):
        if number not in gone:
            out.append(line)
        if number in notes:
            out.append(notes[number])
    return out


def _key(line: str, alarming: bool) -> str:
    """*line* without times and random ids; nothing for a line that has none, or is short."""
    if not _MIN_KEY <= len(line) <= _MAX_LINE or not _DIGIT.search(line):
        return ""
    found = _TIME.sub("T", line)
    if (alarming or found != line) and _MAY_BE_RANDOM.search(found):
        found = _RANDOM.sub("0x0", found)
    return found if found != line else ""


def similar(lines: list[str], flags: bytearray, *, log: bool) -> list[str]:
    """*lines* with those of one template told by two examples, the last one, and their values.

    A line that is alone of its kind stays, so the unusual one stands out. Lines that speak of a
    problem are told together only where all that differs is listed; in a *log* times and ids that
    never come again need not be.
    """
    groups: dict[tuple[str, int], list[int]] = {}
    found: dict[int, list[str]] = {}
    for number, line in enumerate(lines):
        if flags[number] == 1 and not log and _LOCATED.match(line):
            continue  # a finding: its place is what matters
        if _MIN_TEMPLATE <= len(line) <= _MAX_LINE:
            pieces = _VARIABLE.split(_bare(line))
            found[number] = pieces[1::2]
            groups.setdefault(("#".join(pieces[0::2]), flags[number]), []).append(number)
    folding = _Folding(lines, log)
    for (_, flag), members in groups.items():
        if len(members) >= _MIN_ALIKE:
            folding.fold(members, [found[i] for i in members], flag == 1)
    return folding.shown()


class _Folding:
    """Which of some lines go, and what is told in their place."""

    def __init__(self, lines: list[str], log: bool) -> None:
        self._lines, self._log = lines, log
        self._gone: set[int] = set()
        self._notes: dict[int, str] = {}
        self._lists: list[tuple[int, frozenset[str]]] = []
        """The long lists of words that notes tell, with the line of the note."""

    def shown(self) -> list[str]:
        return _without(self._lines, self._gone, self._notes)

    def fold(self, members: list[int], rows: list[list[str]], alarming: bool) -> None:
        """Tell *members*, lines of one template, together; each row is what differs in one."""
        columns = list(zip(*rows, strict=True))
        place = members[_SAMPLES - 1]
        lists: list[frozenset[str]] = []
        notes = []
        for column in columns:
            listed = told(column, alarming=alarming, log=self._log)
            if listed is None:
                return
            words = frozenset(listed)
            again = self._as_above(words, place)
            notes.append(again or " ".join(listed))
            if again is None and len(listed) >= _MIN_LIST:
                lists.append(words)
        note = "; ".join(filter(None, notes))
        note = ": " + note if note else ""
        if sum(len(self._lines[i]) for i in members[_SAMPLES:-1]) <= 2 * len(note):
            return
        stay = outliers(columns)
        away = [i for at, i in enumerate(members) if at >= _SAMPLES and at not in stay][:-1]
        self._gone.update(away)
        self._notes[place] = f"[{len(away)} more like this{note}]"
        self._lists += [(place, words) for words in lists]

    def _as_above(self, words: frozenset[str], place: int) -> str | None:
        """How *words* are told before *place* where nearly the same were listed above it."""
        if len(words) < _MIN_LIST:
            return None
        for at, known in self._lists:
            if at < place and len(known) - len(words) <= 3 and words <= known:
                missing = sorted(known - words)
                return "those listed above" + (" but " + " ".join(missing) if missing else "")
        return None


def _bare(line: str) -> str:
    """*line* without its time, and with its random ids made the same."""
    line = _STAMP.sub("", line, count=1)
    return _RANDOM.sub("0x0", line) if _MAY_BE_RANDOM.search(line) else line
