"""What `lite` does beyond forms: repeats told in a line, where nothing that is said is lost.

[same line 12 times more]
[same as the previous result of this tool]
[same as the previous user message]
[same as a system prompt above]
"""

from __future__ import annotations

import re
from itertools import groupby

from xxhash import xxh3_128_hexdigest

from tokenpak.canonical import Part
from tokenpak.forms.blanks import READERS

MIN_CHARS = 200
"""Shorter texts ("yes", "ok") may well be said twice and meant twice."""
_MIN_RUN = 4
"""Equal lines in a row that are told by their number."""
_MORE = "[same line {} times more]"
_MORE_LINE = re.compile(r"\[same line (\d+) times more\]")
_MARKERS = {
    "tool_result": "[same as the previous result of this tool]",
    "text": "[same as the previous user message]",
    "system": "[same as a system prompt above]",
}
MARKERS = tuple(_MARKERS.values())


def fold_lines(text: str, part: Part) -> str:
    """*text* with equal lines in a row told once, and how often they came; not for read files."""
    if part.tool is not None and part.tool.lower() in READERS:
        return text
    out: list[str] = []
    for line, same in groupby(text.split("\n")):
        times = sum(1 for _ in same)
        if times >= _MIN_RUN and line.strip():
            out += [line, _MORE.format(times - 1)]
        else:
            out += [line] * times
    return "\n".join(out)


def unfold_lines(text: str) -> str:
    """The inverse of `fold_lines`."""
    out: list[str] = []
    for line in text.split("\n"):
        more = _MORE_LINE.fullmatch(line)
        out += [out[-1]] * int(more[1]) if more and out else [line]
    return "\n".join(out)


def repeat(text: str, part: Part, seen: dict[str, str]) -> str | None:
    """The marker for *text* if it repeats what *seen* tells of earlier parts; None if it does not.

    *seen* is to be kept up with `remember` for every part, also for those that are not changed.
    """
    if len(text) < MIN_CHARS or part.kind not in _MARKERS or part.role == "assistant":
        return None
    return _MARKERS[part.kind] if seen.get(_place(part, text)) == _digest(text) else None


def remember(text: str, part: Part, seen: dict[str, str]) -> None:
    """Let *seen* tell the next parts of this one."""
    if part.kind in _MARKERS and part.role != "assistant":
        seen[_place(part, text)] = _digest(text)


def _place(part: Part, text: str) -> str:
    """What a repeat has to follow: the last text of the kind; of system prompts any."""
    if part.kind == "system":
        return "system " + _digest(text)
    return f"{part.kind} {part.tool}" if part.kind == "tool_result" else part.kind


def _digest(text: str) -> str:
    return xxh3_128_hexdigest(text.encode("utf-8", "surrogatepass"))
