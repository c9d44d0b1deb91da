"""Repeated lines: identical ones, runs that stood above, and lines that differ in figures only."""

from __future__ import annotations

import re
from collections import Counter
from operator import eq

from tokenpak.engines.rtk.frames import without_library_frames

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
_MAX_VALUES = 120
_MAX_ALARM_VALUES = 200
_MAX_WORDS = 150
_MIN_TEMPLATE = 12
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
    if not any(map(eq, lines, lines[1:])):
        return lines
    out: list[str] = []
    at = 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and lines[end] == lines[at]:
            end += 1
        if end - at >= max(2, times) and lines[at].strip():
            out += [lines[at], f"[{end - at - 1} more of this line]"]
        else:
            out += lines[at:end]
        at = end
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
    notes = {same[1]: len(same) - 3 for same in places.values()}
    out = []
    for number, line in enumerate(lines):
        if number not in gone:
            out.append(line)
        if number in notes:
            out.append(f"[{notes[number]} more of this line at other times, with other ids]")
    return out


def _key(line: str, alarming: bool) -> str:
    """*line* without times and random ids; nothing for a line that has none, or is short."""
    if not _MIN_KEY <= len(line) <= _MAX_LINE or not _DIGIT.search(line):
        return ""
    found = _TIME.sub("T", line)
    if (alarming or found != line) and _MAY_BE_RANDOM.search(found):
        found = _RANDOM.sub("0x0", found)
    return found if found != line else ""


# Hours and what stands beside them; a date alone may be data.
_TIME = re.compile(
    r"(?:\d{4}[-/]\d\d[-/]\d\d[T ])?\b\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"
)
_MIN_KEY = 60


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
    gone = bytearray(len(lines))
    notes: dict[int, str] = {}
    lists: list[tuple[int, frozenset[str]]] = []
    for (_, flag), members in groups.items():
        if len(members) >= _MIN_ALIKE:
            _fold(members, lines, found, flag == 1, log, gone, notes, lists)
    out = []
    for number, line in enumerate(lines):
        if not gone[number]:
            out.append(line)
            if number in notes:
                out.append(notes[number])
    return out


def _bare(line: str) -> str:
    """*line* without its time, and with its random ids made the same."""
    line = _STAMP.sub("", line, count=1)
    return _RANDOM.sub("0x0", line) if _MAY_BE_RANDOM.search(line) else line


def _fold(
    members: list[int],
    lines: list[str],
    found: dict[int, list[str]],
    alarming: bool,
    log: bool,
    gone: bytearray,
    notes: dict[int, str],
    lists: list[tuple[int, frozenset[str]]],
) -> None:
    """Mark those of *members* that go, and note in their place what they were."""
    rows = [found[i] for i in members]
    columns = list(zip(*rows, strict=True))
    values = [Counter(column) for column in columns]
    place = members[_SAMPLES - 1]
    above = [names for at, names in lists if at < place]
    new: list[frozenset[str]] = []
    note = _note(values, len(members), alarming, log, above, new)
    middle = members[_SAMPLES:-1]
    if note is None or sum(len(lines[i]) for i in middle) <= 2 * len(note):
        return
    stay = _outliers(columns)
    away = [i for place, i in enumerate(members) if _SAMPLES <= place and place not in stay][:-1]
    for i in away:
        gone[i] = 1
    notes[place] = f"[{len(away)} more like this{note}]"
    lists += [(place, names) for names in new]


def _outliers(columns: list[tuple[str, ...]]) -> set[int]:
    """Which members hold a figure far beyond the others of its place: a slow call, a leap."""
    found: set[int] = set()
    for column in columns:
        if not _PLAIN.fullmatch(column[0]) or len(set(column)) < 2:
            continue
        figures = [float(each) if _PLAIN.fullmatch(each) else 0.0 for each in column]
        values = sorted(figures)
        usual, largest = values[len(values) // 2], values[-1]
        # Counters and ids grow evenly; an outlier stands far above nine in ten.
        high = values[len(values) * 9 // 10]
        if largest > 3 * max(usual, 0.001) and largest > 1.5 * high and usual > 0:
            found.update(i for i, value in enumerate(figures) if value > 1.5 * high)
    return found if len(found) <= max(3, len(columns[0]) // 10 if columns else 0) else set()


_PLAIN = re.compile(r"\d{1,12}(?:\.\d{1,9})?")
_MAY_BE_RANDOM = re.compile(r"0x[0-9a-f]|[0-9a-f]{12}|[0-9a-fA-F]{8}-")


def _note(
    values: list[Counter[str]],
    members: int,
    alarming: bool,
    log: bool,
    lists: list[frozenset[str]],
    new: list[frozenset[str]],
) -> str | None:
    """What the words that differ were; None if too much differs to be told.

    *lists* are what was told above: nearly the same words again are told by what is missing. The
    long ones that are told here come to *new*.
    """
    told = []
    for counter in values:
        if len(counter) == 1:
            continue
        words = [value for value in counter if value.isascii() and not _DIGIT.search(value)]
        if len(words) > _MAX_WORDS:
            return None  # names tell too much to be left out
        listed = _values(counter, words, members, alarming)
        if alarming and not log and len(listed) < len(counter):
            return None
        again = _as_above(frozenset(listed), lists)
        told.append(again or " ".join(listed))
        if again is None and len(listed) >= _MIN_LIST:
            new.append(frozenset(listed))
    told = [each for each in told if each]
    return ": " + "; ".join(told) if told else ""


def _as_above(words: frozenset[str], lists: list[frozenset[str]]) -> str | None:
    for known in lists:
        missing = [each for each in sorted(known) if each not in words]
        if len(words) >= _MIN_LIST and len(missing) <= 3 and known.issuperset(words):
            return "those listed above" + (" but " + " ".join(missing) if missing else "")
    return None


def _values(counter: Counter[str], words: list[str], members: int, alarming: bool) -> list[str]:
    """What to tell of the values of one place: all, if they come again; else names and a range."""
    limit = _MAX_ALARM_VALUES if alarming else _MAX_VALUES
    plain = [value for value in counter if _PLAIN.fullmatch(value)]
    figures = len(plain) == len(counter)
    # Values that hardly ever come again are times, sizes and ids: they tell nothing in a list.
    if len(counter) <= min(limit, max(6, members // 3)) and not (figures and len(counter) > 12):
        return list(counter)
    if figures:
        return [f"{min(plain, key=float)} to {max(plain, key=float)}"]
    # A name with a number is a name: user_1056, worker-3.
    names = [value for value in counter if _NAMED.fullmatch(value)]
    return [*words, *(names if len(names) <= _MAX_WORDS else ())]


_LOCATED = re.compile(r"^\s*(?:-->\s*)?[^\s:()]+(?::\d|\(\d)")
_DIGIT = re.compile(r"\d")
_NAMED = re.compile(r"[A-Za-z]{2,20}[_-]\d{1,6}")
