"""Where a text repeats earlier lines: the longest runs, from its first line on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tokenpak.compression.lines import MAX_PLACES, LineIndex, Numbered

_MIN_ANCHOR = 4
"""Characters that a line needs for a run to start at it."""


@dataclass(frozen=True, slots=True)
class Run:
    """Lines *at* to *at + count* of a text stand at *place* of the index, or of itself (*own*)."""

    at: int
    count: int
    place: int
    own: bool = False


def find_runs(text: Numbered, index: LineIndex) -> list[Run]:
    """Runs from the first line on, each the longest that starts there, none overlapping.

    Linear: a line is compared with a bounded number of places, and a run is skipped whole.
    """
    runs: list[Run] = []
    lines, known = text.lines, index.places
    seen: dict[str, list[int]] = {}
    i = done = 0
    while i < len(lines):
        line = lines[i]
        own = seen.get(line)
        if own is None and line not in known:
            seen[line] = [i]
            i += 1
            continue
        best = None
        if len(line.strip()) >= _MIN_ANCHOR:
            best = max(_candidates(text, index, own or (), i, done), key=_length, default=None)
        end = best.at + best.count if best else i + 1
        for k in range(i, end):
            places = seen.setdefault(lines[k], [])
            if len(places) < MAX_PLACES:
                places.append(k)
        if best:
            runs.append(best)
            done = end
        i = end
    return runs


def _length(run: Run) -> int:
    return run.count


def _candidates(
    text: Numbered, index: LineIndex, own: Sequence[int], i: int, done: int
) -> Iterator[Run]:
    line = text.lines[i]
    for place in index.places.get(line, ()):
        yield _extended(text, index, i, done, place)
    if text.has_gutter and text.numbers[i] is None:
        return  # "line 7 of this result" means the number shown
    for place in own:
        if _kind(text, place) == _kind(text, i):
            yield Run(i, _own_length(text, i, place), place, own=True)


def _kind(text: Numbered, i: int) -> bool:
    return text.numbers[i] is None


def _own_length(text: Numbered, i: int, place: int) -> int:
    count = 1
    while (
        i + count < len(text.lines)
        and place + count < i
        and text.lines[place + count] == text.lines[i + count]
        and _follows(text.numbers[place + count - 1], text.numbers[place + count])
        and _follows(text.numbers[i + count - 1], text.numbers[i + count])
    ):
        count += 1
    return count


def _extended(text: Numbered, index: LineIndex, i: int, done: int, place: int) -> Run:
    """The run through line *i* at *place*: forward, and backward to lines not yet taken."""
    end, source_end = i + 1, place + 1
    while end < len(text.lines) and _joins(text, index, end, source_end):
        end, source_end = end + 1, source_end + 1
    start, source = i, place
    while start > done and source > 0 and _precedes(text, index, start, source):
        start, source = start - 1, source - 1
    return Run(start, end - start, source)


def _joins(text: Numbered, index: LineIndex, i: int, p: int) -> bool:
    """Whether line *i* at place *p* continues the run that ends just before them."""
    return (
        p < len(index.contents)
        and index.contents[p] == text.lines[i]
        and index.owners[p] == index.owners[p - 1]
        and index.addresses[p] == index.addresses[p - 1] + 1
        and _follows(text.numbers[i - 1], text.numbers[i])
    )


def _precedes(text: Numbered, index: LineIndex, i: int, p: int) -> bool:
    return index.contents[p - 1] == text.lines[i - 1] and _joins(text, index, i, p)


def _follows(before: int | None, after: int | None) -> bool:
    return after is None if before is None else after == before + 1
