"""Escape sequences, overwritten states of progress lines, blanks: what no reader would see."""

from __future__ import annotations

import re

# ECMA-48: control sequences (CSI), operating system commands (OSC) and two-byte escapes.
_ESCAPE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_]|\([A-B0])"
)
_ALARM = re.compile(r"err|fail|warn|fatal|panic|denied|exception", re.IGNORECASE)
_BACKSPACES = re.compile(r"[^\x08]\x08")


def without_escapes(text: str) -> str:
    """*text* without colours and cursor movements."""
    if "\x1b" in text:
        text = _ESCAPE.sub("", text)
    if "\x08" in text:
        text = _BACKSPACES.sub("", text)
    return text


def without_overwritten(text: str) -> str:
    """*text* with the last state of each line that was redrawn, and those that speak of failure."""
    if "\r" not in text:
        return text
    text = text.replace("\r\n", "\n")
    if "\r" not in text:
        return text
    return "\n".join(_settled(line) if "\r" in line else line for line in text.split("\n"))


def _settled(line: str) -> str:
    states = [each for each in line.split("\r") if each.strip()]
    kept = dict.fromkeys(state for state in states[:-1] if _ALARM.search(state))
    return "\n".join([*kept, *states[-1:]])


def without_blank_runs(lines: list[str]) -> list[str]:
    """*lines* without blanks at their ends, empty lines at the ends, and the second of a run."""
    out: list[str] = []
    for line in lines:
        line = line.rstrip()
        if line or (out and out[-1]):
            out.append(line)
    while out and not out[-1]:
        out.pop()
    return out
