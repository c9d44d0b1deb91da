"""Where a text repeats earlier lines: the longest runs, from its first line on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tokenpak.compression.lines import MAX_PLACES, LineIndex, Numbered, note

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
    lines, known = text.lines, index.first
    seen: dict[str, int] = {}
    again: dict[str, list[int]] = {}
    i = done = 0
    while i < len(lines):
        line = lines[i]
        own = seen.setdefault(line, i)
        if own == i and line not in known:
            i += 1
            continue
        others = again.get(line, ())
        best, end = None, i + 1
        if len(line.strip()) >= _MIN_ANCHOR:
            places = (own, *others) if own < i else ()
            best = max(_candidates(text, index, places, i, done), key=_length, default=None)
        if best:
            runs.append(best)
            done = end = best.at + best.count
        if best or len(others) < MAX_PLACES - 1:
            note(seen, again, lines[i:end], i)
        i = end
    return runs


def _length(run: Run) -> int:
    return run.count


def _candidates(
    text: Numbered, index: LineIndex, own: Sequence[int], i: int, done: int
) -> Iterator[Run]:
    for place in index.places(text.lines[i]):
        yield _extended(text, index, i, done, place)
    if text.has_gutter and text.numbers[i] is None:
        return  # "line 7 of this result" means the number shown
    for place in own:
        if (text.numbers[place] is None) == (text.numbers[i] is None):
            most = min(i - place, len(text.lines) - i)
            count = _alike(text, i, text.lines, text.pieces, place, most)
            yield Run(i, count, place, own=True)


def _extended(text: Numbered, index: LineIndex, i: int, done: int, place: int) -> Run:
    """The run through line *i* at *place*: forward, and backward to lines not yet taken."""
    lines, pieces, contents, stretches = text.lines, text.pieces, index.contents, index.stretches
    most = min(len(lines) - i, len(contents) - place)
    count = _alike(text, i, contents, stretches, place, most)
    piece, stretch = pieces[i], stretches[place]
    back, most = 0, min(i - done, place)
    while (
        back < most
        and contents[place - back - 1] == lines[i - back - 1]
        and stretches[place - back - 1] == stretch
        and pieces[i - back - 1] == piece
    ):
        back += 1
    return Run(i - back, count + back, place - back)


def _alike(
    text: Numbered,
    i: int,
    contents: Sequence[str],
    stretches: Sequence[int],
    place: int,
    most: int,
) -> int:
    """How many lines from *i* on stand at *place* of *contents*, of which the first does.

    They follow one another here as they do there, where *stretches* says so.
    """
    lines, pieces = text.lines, text.pieces
    piece, stretch = pieces[i], stretches[place]
    count = 1
    while (
        count < most
        and contents[place + count] == lines[i + count]
        and stretches[place + count] == stretch
        and pieces[i + count] == piece
    ):
        count += 1
    return count
