"""The steps of a filter that take lines away; none can take one that is flagged to survive."""

from __future__ import annotations

from tokenpak.engines.rtk.loaded import Finder, Loaded, Stretch, Unit
from tokenpak.engines.rtk.patterns import any_of

MAX_CHARS = 4000
"""Characters of a line that rules look at: longer lines are data, and no rule is meant for them."""


def readable(lines: list[str]) -> list[str]:
    """*lines* as far as rules look at them."""
    if all(len(line) <= MAX_CHARS for line in lines):
        return lines
    return [line[:MAX_CHARS] for line in lines]


def thin(lines: list[str], flags: bytearray, chosen: Loaded) -> tuple[list[str], bytearray, int]:
    """*lines* and flags after all taking away, and how many lines went that were no mere noise."""
    gone = bytearray(len(lines))  # 1 for noise, 2 for what has to be told
    short = readable(lines)
    _mark(short, gone, chosen.noise, 1)
    _mark(short, gone, chosen.drop, 2)
    kept = chosen.keep
    if kept is not None and any(map(kept, short)):
        for i, line in enumerate(short):
            if not gone[i] and line and not kept(line):
                gone[i] = 2
    for section in chosen.sections:
        _section(short, flags, gone, section)
    for block in chosen.blocks:
        _block(short, gone, block)
    told = _counted(short, flags, gone, chosen)
    if not told and not any(gone):
        return lines, flags, 0
    out = []
    left = bytearray()
    for i, line in enumerate(lines):
        if not gone[i] or flags[i]:
            out.append(line)
            left.append(flags[i])
        if i in told:
            out.append(told[i])
            left.append(2)
    return out, left, sum(1 for i, g in enumerate(gone) if g == 2 and not flags[i])


def _mark(lines: list[str], gone: bytearray, found: Finder | None, sort: int) -> None:
    if found is not None:
        for i, line in enumerate(map(found, lines)):
            if line is not None and not gone[i]:
                gone[i] = sort


def _section(lines: list[str], flags: bytearray, gone: bytearray, section: Stretch) -> None:
    start = None
    for i, line in enumerate([*lines, None]):
        if start is None:
            start = i if line is not None and section.enter.search(line) else None
            continue
        if line is None or (section.leave is not None and section.leave.search(line)):
            _stretch(range(start, i), flags, gone, section)
            start = i if line is not None and section.enter.search(line) else None


def _stretch(where: range, flags: bytearray, gone: bytearray, section: Stretch) -> None:
    inner = where
    if section.do == "ends":
        inner = where[1 + section.first : max(1 + section.first, len(where) - section.last)]
    for i in inner:
        if section.do == "keep":
            gone[i], flags[i] = 0, flags[i] or 2
        else:
            gone[i] = gone[i] or 2


def _block(lines: list[str], gone: bytearray, block: Unit) -> None:
    at: int | None = None
    for i, line in enumerate([*lines, None]):
        over = line is None or block.start.search(line)
        ended = line is not None and block.end is not None and block.end.search(line)
        if at is not None and (over or ended):
            _unit(lines, gone, range(at + 1, i), block)
            at = None
        if line is not None and over:
            at = i


def _unit(lines: list[str], gone: bytearray, where: range, block: Unit) -> None:
    """Of one block keep what matches and its surroundings; everything where nothing is named."""
    if not block.keep:
        for i in where:
            gone[i] = 0
        return
    hits = [i for i in where if any_of(block.keep, lines[i])]
    if not hits:
        return
    stay = {j for i in hits for j in range(i - block.before, i + block.after + 1)}
    for i in where:
        if i not in stay and not gone[i]:
            gone[i] = 2 if lines[i].strip() else 1


def _counted(lines: list[str], flags: bytearray, gone: bytearray, chosen: Loaded) -> dict[int, str]:
    """Lines that are told by their number; what stands in their place, by the last one's line."""
    told: dict[int, str] = {}
    for pattern, say in chosen.counts:
        found = [
            i
            for i, line in enumerate(lines)
            if not gone[i] and flags[i] != 1 and pattern.search(line)
        ]
        if len(found) > 2:
            for i in found:
                gone[i], flags[i] = 1, 0
            told[found[-1]] = say.replace("{n}", str(len(found)))
    for pattern in chosen.once:
        seen: set[str] = set()
        for i, line in enumerate(lines):
            if pattern.search(line):
                if line.strip() in seen:
                    gone[i] = gone[i] or 1
                seen.add(line.strip())
    return told


def limit(
    lines: list[str], flags: bytearray, head: int, tail: int, most: int, chars: int = 0
) -> tuple[list[str], int]:
    """At most *most* lines of *chars* characters, 0 for no limit: head, tail and what is flagged.

    Gives the lines, and the number of those left out.
    """
    if not most or len(lines) <= most:
        head = tail = len(lines)
    else:
        head = head or most // 2
        tail = tail or most - head
    first, last = head, len(lines) - tail
    if chars:
        first, last = min(first, _within(lines, chars // 2)), max(
            last, len(lines) - _within(lines[::-1], chars - chars // 2)
        )  # fmt: skip
    out: list[str] = []
    lost = run = 0
    for i, line in enumerate([*lines, None]):
        if line is None or i < first or i >= last or flags[i]:
            if run:
                out.append(f"[{run} lines left out here]")
            run = 0
            if line is not None:
                out.append(line)
        else:
            lost, run = lost + 1, run + 1
    return out, lost


def _within(lines: list[str], chars: int) -> int:
    """How many of *lines* fit in *chars* characters."""
    for i, line in enumerate(lines):
        chars -= len(line) + 1
        if chars < 0:
            return i
    return len(lines)


def shortened(line: str, width: int) -> str:
    """*line* cut to *width* characters, with the number of those that went."""
    if not width or len(line) <= width + 24:
        return line
    return f"{line[: width * 2 // 3]} …[{len(line) - width} characters]… {line[-width // 3 :]}"
