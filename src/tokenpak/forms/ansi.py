"""Terminal colours and overwritten progress lines, which a model cannot see anyway."""

from __future__ import annotations

import re

from tokenpak.canonical import Part

# ECMA-48: control sequences (CSI), operating system commands (OSC) and two-byte escapes.
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
_OVERWRITTEN = re.compile(r"[^\r\n]*\r(?=[^\r\n])")


class Ansi:
    """Escape sequences go; of a line redrawn with carriage returns its last state stays.

    A line that is redrawn keeps every state that speaks of a failure.
    """

    name = "ansi"
    loss = "colours, cursor movements and overwritten states of a progress line"

    def apply(self, text: str, part: Part) -> str:
        if "\x1b" in text:
            text = _ESCAPE.sub("", text)
        if "\r" in text:
            text = _OVERWRITTEN.sub(_kept, text)
        return text


_ALARM = re.compile(r"err|fail|warn|fatal|panic|denied|exception", re.IGNORECASE)


def _kept(match: re.Match[str]) -> str:
    state = match.group()
    return state[:-1] + "\n" if _ALARM.search(state) else ""
