"""The part of a text that fits into a number of tokens, cut at line borders and saying so."""

from __future__ import annotations

from typing import Literal

from tokenpak.tokens import count

Keep = Literal["head", "tail"]


def excerpt(text: str, max_tokens: int, keep: Keep = "head") -> str:
    """*text*, or as many whole lines from its *keep* end as fit into *max_tokens* (o200k).

    A line in the place of the others says how many are missing. Where no whole line fits, a piece
    of the first (or last) one is given. The result never has more than *max_tokens*.
    Raises ValueError if *max_tokens* is negative.
    """
    if max_tokens < 0:
        raise ValueError(f"max_tokens is {max_tokens}, expected 0 or more")
    # A token is at least one byte: what is shorter than that needs no counting.
    if len(text) * 4 <= max_tokens or count(text) <= max_tokens:
        return text
    lines = text.splitlines(keepends=True)
    if keep == "tail":
        lines.reverse()
    kept = _fitting(lines, max_tokens - count(_lines_marker(len(lines))) - 1)
    while kept:
        result = _joined(lines[:kept], _lines_marker(len(lines) - kept), keep)
        if count(result) <= max_tokens:
            return result
        kept -= 1
    return _piece(lines[0], len(text), max_tokens, keep)


def _fitting(lines: list[str], room: int) -> int:
    used = 0
    for at, line in enumerate(lines):
        used += count(line)
        if used > room:
            return at
    return len(lines) - 1


def _joined(kept: list[str], marker: str, keep: Keep) -> str:
    if keep == "head":
        return "".join(kept) + ("" if kept[-1].endswith("\n") else "\n") + marker
    return marker + "\n" + "".join(reversed(kept))


def _piece(line: str, chars: int, max_tokens: int, keep: Keep) -> str:
    """As much of *line* as fits beside the marker, found by halving."""
    low, high = 0, min(len(line), max_tokens * 64)
    best = "…" if max_tokens else ""
    while low <= high:
        middle = (low + high) // 2
        marker = f"[{chars - middle:,} of {chars:,} characters left out]"
        piece = f"{line[:middle]} {marker}" if keep == "head" else f"{marker} {line[-middle:]}"
        if middle == 0:
            piece = marker
        if count(piece) <= max_tokens:
            best, low = piece, middle + 1
        else:
            high = middle - 1
    return best


def _lines_marker(left_out: int) -> str:
    return f"[{left_out:,} more {'line' if left_out == 1 else 'lines'} left out]"
