"""References: runs of whole lines that stand already in the context are pointed to.

References point backwards only, to text that stays in the request, so what was sent for earlier
messages never changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tokenpak.compression import markers
from tokenpak.compression.lines import LineIndex, Numbered, note_numbers
from tokenpak.compression.markers import Reference
from tokenpak.compression.runs import Run, find_runs
from tokenpak.forms.gutter import with_numbers
from tokenpak.tokens import count

MIN_LINES = 3
"""Runs of one or two lines save half a point more, but break a text into pieces."""
MIN_GAIN = 8
"""Tokens that a run of MIN_LINES or more must save."""
MIN_GAIN_SHORT = 24
"""Tokens that a shorter run must save: one long line, repeated."""
MIN_GAIN_OWN = 16
"""Tokens that a repeat within one result must save: it leaves a hole in what was just asked for."""
MAX_ADJACENT = 2
"""References in a row without text between them, as more are hard to follow: the next one begins
a line later, so that its first line stands between."""


@dataclass(frozen=True, slots=True)
class Deduped:
    """A text with references in it, which of its lines still stand there, and what that saves.

    `gain` is counted run by run against its marker, in tokens.
    """

    text: str
    literal: list[bool]
    gain: int = 0

    def first_lines(self) -> list[int]:
        """For each line of `text` the first line of the original that it stands for, from 0."""
        found: list[int] = []
        at = 0
        for line in self.text.split("\n"):
            found.append(at)
            reference = None if self.literal[at] else markers.parse(line)
            at += reference.count if reference else 1
        return found


def dedup(
    text: str, numbered: Numbered, index: LineIndex, tokens: Callable[[str], int] = count
) -> Deduped:
    """Replace what *index* or the text itself holds already; *numbered* is `read_lines(text)`.

    The result decodes to *text* by the index alone: it is decoded here, and if that does not
    give *text* back, the text stays as it is.
    """
    literal = [True] * len(numbered.lines)
    raw = numbered.raw
    out: list[str] = []
    done = adjacent = gain = 0
    for run in find_runs(numbered, index):
        if run.at != done or not out:
            adjacent = 0
        elif adjacent >= MAX_ADJACENT:
            if run.count == 1:
                continue
            run, adjacent = _after_first_line(run), 0
        reference = _reference(run, numbered, index)
        saved = _gain(raw[run.at : run.at + run.count], reference, tokens)
        if not saved:
            continue
        gain += saved
        out += raw[done : run.at]
        out.append(str(reference))
        literal[run.at : run.at + run.count] = [False] * run.count
        done, adjacent = run.at + run.count, adjacent + 1
    if not done:
        return Deduped(text, literal)
    packed = "\n".join([*out, *raw[done:]])
    if decode(packed, index) != text:
        return Deduped(text, [True] * len(literal))
    return Deduped(packed, literal, gain)


def _after_first_line(run: Run) -> Run:
    return replace(run, at=run.at + 1, count=run.count - 1, place=run.place + 1)


def _reference(run: Run, text: Numbered, index: LineIndex) -> Reference:
    first = text.numbers[run.at]
    if run.own:
        number = text.numbers[run.place]
        start = run.place + 1 if number is None else number
        return Reference(None, start, start + run.count - 1, first)
    name, start = index.where(run.place)
    return Reference(name, start, start + run.count - 1, first)


def _gain(lines: list[str], reference: Reference, tokens: Callable[[str], int]) -> int:
    """Tokens that *reference* saves in place of *lines*; 0 if that is not worth a hole."""
    least = MIN_GAIN if len(lines) >= MIN_LINES else MIN_GAIN_SHORT
    if reference.source is None:
        least = max(least, MIN_GAIN_OWN)
    run = "\n".join(lines)
    if len(run.encode("utf-8", "replace")) <= least:
        return 0  # a token is at least one byte
    gain = tokens(run) - tokens(str(reference))
    return gain if gain >= least else 0


def decode(packed: str, index: LineIndex) -> str | None:
    """The text that *packed* stands for; None if a reference leads nowhere."""
    out: list[str] = []
    own: dict[int, str] = {}
    lines = packed.split("\n")
    done = read = 0
    for at in [i for i, line in enumerate(lines) if line.startswith("[")]:
        reference = markers.parse(lines[at])
        if reference is None:
            continue
        out += lines[done:at]
        done = at + 1
        if reference.source is None and reference.first is not None:
            note_numbers(out[read:], own)
            read = len(out)
        found = _resolve(reference, out, own, index)
        if found is None:
            return None
        out += found if reference.first is None else with_numbers(found, reference.first)
    return "\n".join(out + lines[done:])


def _resolve(
    reference: Reference, before: list[str], numbered: dict[int, str], index: LineIndex
) -> list[str] | None:
    """The lines that *reference* names, without a gutter.

    *before* is the text decoded so far, *numbered* what of it carries a number.
    """
    if reference.source is None:
        if reference.first is None:
            own = before[reference.start - 1 : reference.end]
            return own if len(own) == reference.count else None
        lines = numbered
    elif source := index.by_name.get(reference.source):
        lines = source.lines
    else:
        return None
    found = [lines[n] for n in range(reference.start, reference.end + 1) if n in lines]
    return found if len(found) == reference.count else None
