"""A text in windows that a model can read at once, none overlapping, cut where sentences end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_ENDS = ".!?…。！？"


def windows(text: str, spans: Sequence[tuple[int, int]], size: int) -> Iterator[tuple[int, int]]:
    """Pairs of the first sub-word of a window and the first behind it; together they are all.

    *spans* says where each sub-word stands in *text*. A window has *size* of them at most, and
    ends behind a sentence; where none ends in it, between words; where there is only one, within.
    """
    start = 0
    while start < len(spans):
        stop = min(start + size, len(spans))
        if stop < len(spans):
            stop = _border(text, spans, start, stop)
        yield start, stop
        start = stop


def _border(text: str, spans: Sequence[tuple[int, int]], start: int, stop: int) -> int:
    between_words = 0
    for at in range(stop, start, -1):
        end, begin = spans[at - 1][1], spans[at][0]
        gap = text[end : begin + 1]
        if not (gap[:-1] or gap).isspace():
            continue
        if "\n" in gap or text[end - 1 : end] in _ENDS:
            return at
        between_words = between_words or at
    return between_words or stop
