"""What differs between lines of one template: the words of each place, told in short."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_MAX_VALUES = 120
_MAX_ALARM_VALUES = 200
_MAX_WORDS = 150
_DIGIT = re.compile(r"\d")
_PLAIN = re.compile(r"\d{1,12}(?:\.\d{1,9})?")
_NAMED = re.compile(r"[A-Za-z]{2,20}[_-]\d{1,6}")


def told(column: Sequence[str], *, alarming: bool, log: bool) -> list[str] | None:
    """What to tell of the words of one place: all, if they come again; else names and a range.

    Nothing where all are the same. None if too much differs to be left out: many names, or, in
    lines that are *alarming* and of no *log*, anything that is not listed.
    """
    counter = Counter(column)
    if len(counter) == 1:
        return []
    words = [value for value in counter if value.isascii() and not _DIGIT.search(value)]
    if len(words) > _MAX_WORDS:
        return None
    listed = _listed(counter, words, len(column), _MAX_ALARM_VALUES if alarming else _MAX_VALUES)
    return None if alarming and not log and len(listed) < len(counter) else listed


def _listed(counter: Counter[str], words: list[str], members: int, limit: int) -> list[str]:
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


def outliers(columns: list[tuple[str, ...]]) -> set[int]:
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
