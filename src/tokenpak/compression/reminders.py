"""A client's reminder that follows every file read: said once, then pointed to."""

from __future__ import annotations

import re

from tokenpak.compression.markers import SAME_REMINDER

_BLOCK = r"<system-reminder>\n?.*?</system-reminder>"
_REMINDER = re.compile(_BLOCK, re.DOTALL)
_REMINDER_OR_MARKER = re.compile(f"^{re.escape(SAME_REMINDER)}$|(?s:{_BLOCK})", re.MULTILINE)
_MIN_CHARS = 160
"""Shorter reminders cost little more than the marker."""


def fold(text: str, last: str | None) -> tuple[str, str | None]:
    """*text* with a reminder equal to *last* replaced by a marker, and the last reminder now."""
    if "<system-reminder>" not in text:
        return text, last
    out: list[str] = []
    done = 0
    for match in _REMINDER.finditer(text):
        if match.group() == last and len(last) >= _MIN_CHARS and _fills_lines(text, match):
            out += [text[done : match.start()], SAME_REMINDER]
            done = match.end()
        last = match.group()
    return "".join([*out, text[done:]]), last


def unfold(text: str, last: str | None) -> tuple[str, str | None]:
    """The inverse of `fold`: markers become the reminder last seen."""
    out: list[str] = []
    done = 0
    for match in _REMINDER_OR_MARKER.finditer(text):
        if match.group() == SAME_REMINDER:
            out += [text[done : match.start()], last or SAME_REMINDER]
            done = match.end()
        else:
            last = match.group()
    return "".join([*out, text[done:]]), last


def _fills_lines(text: str, match: re.Match[str]) -> bool:
    """Whether the block begins and ends a line, so that its marker is a line of its own."""
    start, end = match.span()
    return text[start - 1 : start] in ("", "\n") and text[end : end + 1] in ("", "\n")
