"""Stack traces: one's own frames in full, those of libraries by the first and the last."""

from __future__ import annotations

import re

_MIN_RUN = 4
"""Frames of libraries in a row of which some go."""
_MAX_FRAMES = 12
_OWN_FRAMES = 10
_FRAME = re.compile(r"^\s+at \S|^\s+\.\.\. \d+ more$|^\s*from /\S+:\d+:in |^#\d+ +(?:/|0x)")
_BEFORE_FRAME = (" ", "\t", "#", "f")
_LIBRARY = re.compile(
    r"at (?:java|javax|jdk|sun|com\.sun|org\.(?:junit|gradle|springframework|apache|eclipse"
    r"|hibernate|codehaus|testng|mockito)|kotlin|scala|clojure|io\.netty|reactor|akka|System|Microsoft)[.$]"
    r"|node_modules|node:internal|/gems/|/lib/ruby/|/vendor/|\.cargo/registry|/rustc/"
)
_PYTHON_FRAME = re.compile(r'^\s+File "')
_PYTHON_LIBRARY = re.compile(r'^\s+File "[^"]*(?:/(?:site|dist)-packages/|/lib/python3|<frozen )')


def without_library_frames(lines: list[str]) -> list[str]:
    """*lines* with each long stack of calls told by one's own frames and a few others."""
    return _python_framed(_framed(lines))


def _framed(lines: list[str]) -> list[str]:
    """Of a long run of stack frames those of one's own code, the first ones and the last."""
    frames = {i for i, line in enumerate(lines) if line[:1] in _BEFORE_FRAME and _FRAME.match(line)}
    if len(frames) <= _MAX_FRAMES:
        return lines
    out: list[str] = []
    at = 0
    while at < len(lines):
        end = at
        while end in frames:
            end += 1
        if end - at > _MAX_FRAMES:
            own = [i for i in range(at + 3, end - 1) if not _LIBRARY.search(lines[i])][:_OWN_FRAMES]
            shown = sorted({*range(at, at + 3), *own, end - 1})
            out += [lines[i] for i in shown]
            out.append(f"[{end - at - len(shown)} more stack frames]")
        else:
            out += lines[at : max(end, at + 1)]
        at = max(end, at + 1)
    return out


def _python_framed(lines: list[str]) -> list[str]:
    """Of the frames of libraries that follow one another in a Python traceback the first and last.

    One's own frames stay, with the line of source below each.
    """
    starts = [i for i, line in enumerate(lines) if _PYTHON_LIBRARY.match(line)]
    out: list[str] = []
    done = at = 0
    while at < len(starts):
        end = at + 1
        while end < len(starts) and _one_frame(lines, starts[end - 1], starts[end]):
            end += 1
        if end - at >= _MIN_RUN:
            out += lines[done : starts[at + 1]]
            out.append(f"  [{end - at - 2} more frames of libraries]")
            done = starts[end - 1]
        at = end
    return [*out, *lines[done:]]


def _one_frame(lines: list[str], start: int, end: int) -> bool:
    """Whether from *start* to *end* there is one frame with its source and carets, and no more."""
    between = lines[start + 1 : min(end, start + 4)]
    return end - start <= 3 and all(
        line[:1] == " " and not _PYTHON_FRAME.match(line) for line in between
    )
