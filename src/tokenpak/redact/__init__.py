"""Secrets taken out of a text: each becomes `[REDACTED:kind]`, every other byte stays."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tokenpak.redact import anchors, assignments, headers, pem, shapes, urls
from tokenpak.redact.rule import Rule, Span

_RULES: dict[bytes, tuple[Rule, ...]] = {}
for _table in (shapes.RULES, pem.RULES, urls.RULES, headers.RULES, assignments.RULES):
    for _anchor, _rule in _table:
        _RULES[_anchor] = (*_RULES.get(_anchor, ()), _rule)
# A mark of an earlier time is passed over: its own words announce no secret.
_MARK = b"[REDACTED:"
_MARK_END = re.compile(rb"[a-z-]{1,20}\]")
_FINDER = anchors.Finder((*_RULES, _MARK))


def redact(text: str, *, keep_lines: bool = False) -> str:
    """*text* with every secret replaced by `[REDACTED:kind]`; equal to it if there is none.

    With *keep_lines* a secret of several lines leaves as many, so that line numbers still hold.
    """
    # Bytes, so that an offset means the same for both engines and `lower` keeps the length;
    # every rule begins and ends at an ASCII character or at the end of a run.
    data = text.encode("utf-8", "surrogatepass")
    pieces: list[bytes] = []
    done = 0
    for start, end, kind in _secrets(data):
        ends = b"\n" * data.count(b"\n", start, end) if keep_lines else b""
        pieces += (data[done:start], _MARK, kind.encode(), b"]", ends)
        done = end
    if not pieces:
        return text
    pieces.append(data[done:])
    return b"".join(pieces).decode("utf-8", "surrogatepass")


def _secrets(data: bytes) -> Iterator[Span]:
    """The secrets from left to right; none begins before the end of the one before it."""
    done = 0
    for place, anchor in _FINDER.find(data):
        if place < done:
            continue
        if anchor == _MARK:
            mark = _MARK_END.match(data, place + len(_MARK))
            done = mark.end() if mark else done
            continue
        for rule in _RULES[anchor]:
            if spans := rule(data, place, done):
                yield from spans
                done = spans[-1][1]
                break
