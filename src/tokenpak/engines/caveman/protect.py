"""The spans of a paragraph that no rule may touch: code, quotations, addresses, names, formulas."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from tokenpak.engines.rtk.patterns import Compiled

# Where something may begin that reaches over several words.
_OPENER = re.compile(
    r"`+|\*\*|\$|[\"“„«「『《【\[{<]|(?<![^\s(\[])['‘]|(?<=[\w\]])\(", re.UNICODE
)  # fmt: skip
_CLOSERS = {
    "“": "”", "„": "“”", "«": "»", "「": "」", "『": "』", "《": "》", "【": "】",
    "[": "]", "{": "}", "(": ")", "‘": "’", "'": "'", '"': '"', "$": "$", "**": "**",
}  # fmt: skip
# 'don't' holds an apostrophe: a quote ends where no letter follows.
_SINGLE_END = re.compile(r"(?<=\S)['’](?!\w)")
_TAG = re.compile(r"</?([A-Za-z][\w:.-]*)[^<>\n]*>")

Spans = list[tuple[int, int]]


def protected(text: str, preserve: Iterable[Compiled] = ()) -> Spans:
    """Spans of *text* that stay word for word, in order and apart from each other.

    What is opened and not closed is protected to the end: in doubt nothing is rewritten. Words
    with digits, marks or capitals inside need no span: rules only match plain words.
    """
    found = _pairs(text)
    for pattern in preserve:
        found += [(each.start(), each.end()) for each in pattern.finditer(text)]
    if len(found) < 2:
        return found
    merged: Spans = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def overlaps(spans: Spans, start: int, end: int) -> bool:
    """Whether any of *spans* has a character in [start, end)."""
    at = bisect_right(spans, (start, len(spans) and spans[-1][1] + 1))
    return (at > 0 and spans[at - 1][1] > start) or (at < len(spans) and spans[at][0] < end)


def _pairs(text: str) -> Spans:
    spans: Spans = []
    # A closer that is not found once is not looked for again: unclosed openers stay cheap.
    missing: set[str] = set()
    at = 0
    while (opener := _OPENER.search(text, at)) is not None:
        mark, start = opener[0], opener.start()
        if mark == "<":
            tag = _TAG.match(text, start)
            end = _element(text, tag, missing) if tag else -1
        else:
            end = _close(text, mark, opener.end(), missing)
        if end < 0:
            if mark in ('"', "“", "„", "«", "「", "『", "《") or mark.startswith("`"):
                spans.append((start, len(text)))
                break
            at = opener.end()
            continue
        spans.append((start, end))
        at = end
    return spans


def _close(text: str, mark: str, start: int, missing: set[str]) -> int:
    """The end of what *mark* opened at *start*; -1 if nothing closes it."""
    closers = _CLOSERS.get(mark, mark)
    if mark in missing:
        return -1
    if mark in ("'", "‘"):
        found = _SINGLE_END.search(text, start)
        end = found.end() if found else -1
    elif mark == "„":
        ends = [at + 1 for at in (text.find(closer, start) for closer in closers) if at >= 0]
        end = min(ends, default=-1)
    else:
        end = text.find(closers, start)
        end = end + len(closers) if end >= 0 else -1
    if end < 0:
        missing.add(mark)
    return end


def _element(text: str, tag: re.Match[str], missing: set[str]) -> int:
    """The end of the element that *tag* opens, or of the tag alone."""
    closing = f"</{tag[1]}>"
    if tag[0].startswith("</") or closing in missing or len(missing) > 50:
        return tag.end()
    end = text.find(closing, tag.end())
    if end < 0:
        missing.add(closing)
        return tag.end()
    return end + len(closing)
