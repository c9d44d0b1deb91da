"""A client's reminder that follows every file read: said once, then pointed to."""

from __future__ import annotations

import re

from tokenpak.compression.markers import SAME_REMINDER

_BLOCK = r"<system-reminder>\n?.*?</system-reminder>"
_REMINDER = re.compile(_BLOCK, re.DOTALL)
_MIN_CHARS = 160
"""Shorter reminders cost little more than the marker."""


def fold(text: str, last: str | None) -> tuple[str, int]:
    """*text* with each reminder equal to the *last* one replaced by a marker, and how many were."""
    if last is None or "<system-reminder>" not in text:
        return text, 0
    out: list[str] = []
    done = folded = 0
    for match in _REMINDER.finditer(text):
        if match.group() == last and len(last) >= _MIN_CHARS and _fills_lines(text, match):
            out += [text[done : match.start()], SAME_REMINDER]
            done = match.end()
            folded += 1
        last = match.group()
    return "".join([*out, text[done:]]), folded


def last_of(text: str, before: str | None) -> str | None:
    """The last reminder that stands in *text*; *before* if none does."""
    if "<system-reminder>" not in text:
        return before
    found = _REMINDER.findall(text)
    return found[-1] if found else before


def _fills_lines(text: str, match: re.Match[str]) -> bool:
    """Whether the block begins and ends a line, so that its marker is a line of its own."""
    start, end = match.span()
    return text[start - 1 : start] in ("", "\n") and text[end : end + 1] in ("", "\n")
