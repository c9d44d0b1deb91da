"""Logs by their templates: lines that differ in figures only are shown a few times and counted."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import blake2b

from tokenpak.processors.cut import left_out, not_longer

SHOWN = 2
"""Times that a line of one template is shown before its last occurrence."""

# Uuids, hashes, hexadecimal and decimal figures.
_FIGURE = re.compile(
    r"\b(?:0x)?[0-9a-f]{0,64}\d[0-9a-f]{0,64}(?:[-:.,][0-9a-f]{1,64}){0,8}\b|\d+", re.IGNORECASE
)
_ALARM = re.compile(
    r"warn|err(?:or|no|\b)|fail|fatal|critical|panic|exception|traceback|abort|denied|refused|"
    r"timeout|timed out|killed|segfault|assert|not found|cannot|unable|\bE\d{3,}|\[E\]|\[W\]",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"^\W{0,2}(?:\d{4}-\d\d-\d\d|\d\d/\w+/\d{4}|[A-Z][a-z]{2} [ \d]\d)?[T: ]?\d\d:\d\d:\d\d"
    r"(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"
)


def condense(text: str) -> str:
    """*text* with repeated lines counted in place of shown.

    Warnings and errors stay, each distinct line of them at least once, with what is indented
    below; so do the first two lines of a kind and the last.
    """
    lines = text.split("\n")
    keys = _keys(lines)
    last = {key: at for at, key in enumerate(keys)}
    seen: Counter[bytes] = Counter()
    out: list[str] = []
    passed = 0
    for at, (line, key) in enumerate(zip(lines, keys, strict=True)):
        seen[key] += 1
        if seen[key] > SHOWN and last[key] != at:
            passed += 1
            continue
        # The last line of all is the last of its kind, so that no note is owed behind it.
        if passed:
            out.append(left_out(passed, "similar line"))
            passed = 0
        out.append(line.rstrip())
    return not_longer("\n".join(out), text)


def _keys(lines: list[str]) -> list[bytes]:
    """What each line says, apart from figures; of an alarm and what is below it, all but times."""
    keys = []
    alarm = b""
    for line in lines:
        if _ALARM.search(line):
            alarm = _digest(_TIME.sub("", line))
        elif alarm and line[:1] in (" ", "\t"):
            # By the digest of what stands above: a trace is as long as it likes.
            alarm = _digest(line, alarm)
        else:
            alarm = b""
        keys.append(alarm or _digest(_FIGURE.sub("#", line)))
    return keys


def _digest(line: str, above: bytes = b"") -> bytes:
    return blake2b(above + line.encode("utf-8", "surrogatepass"), digest_size=12).digest()
