"""Used-later facts: strings that an agent took from a tool result and wrote itself at a later turn.

If one is no longer in the packed request of the turn that used it, the agent would have had to
act differently there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from tokenpak.canonical import Part
from tokenpak.simulate.conversation import Fact
from tokenpak.simulate.reading import visible

_WORDS = re.compile(
    r"(?P<url>https?://[^\s\"'<>()\[\]{}`\\]+)"
    r"|(?P<path>(?:~?/|\.{1,2}/)?(?:[\w.@+-]+/)+[\w.@+-]*\w|\b\w[\w-]*(?:\.[\w-]+)*\.[a-z]\w{0,4}\b(?![.(]))"
    r"|(?P<hash>\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}\b)"
    r"|(?P<symbol>[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)"
    r"|(?P<number>(?<![\w.])\d{4,}(?![\w]))"
)
_LETTERS = re.compile(r"[a-z].*[A-Z]|[A-Z]{2}.*[a-z]|[a-z]_|_[a-z]|[A-Z]_[A-Z]|\.")
_GUTTER = re.compile(r"^\s*\d+(?:→|\t|: ?|\| ?)")
_OLD_TEXTS = ("old_string", "old_str", "oldString", "old_text", "oldText", "search")
_PATCHES = ("input", "patch", "patchText", "diff")
_MIN_SYMBOL = 6
_MIN_LINE = 12
_UNREAD = ("image", "thinking", "other")


class _Seen:
    """Every word and line by the part in which it stood first; -1 if that was no tool result."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self.lines: dict[str, int] = {}

    def note(self, text: str, source: int) -> None:
        for _, word in _words(text):
            self.words.setdefault(word, source)
        for line in text.split("\n"):
            # With its number as well: agents do paste it, and then it must be the same.
            for bare in {line.strip(), _GUTTER.sub("", line).strip()}:
                if len(bare) >= _MIN_LINE:
                    self.lines.setdefault(bare, source)


def find_facts(parts: Sequence[Part], turns: Sequence[int], offset: int = 0) -> list[Fact]:
    """The facts of a conversation: each string once, at the first turn that uses it.

    *turns* are the message counts of its requests, *offset* the messages that stand before the
    first of them.
    """
    seen = _Seen()
    found: list[Fact] = []
    for number, part in enumerate(parts):
        if part.kind in _UNREAD:
            continue
        text = visible(part)
        if part.role == "assistant" and part.kind in ("text", "tool_use"):
            at = bisect_right(turns, part.message - offset)
            if at:
                found += _used(part, text, turns[at - 1], seen)
        seen.note(text, number if part.kind == "tool_result" else -1)
    return found


def _used(part: Part, text: str, used_at: int, seen: _Seen) -> Iterator[Fact]:
    """The facts in what the agent wrote; they are no news from then on."""
    for kind, word in _words(text):
        if seen.words.get(word, -1) >= 0:
            seen.words[word] = -1
            yield Fact(word, used_at, _whole(word), kind)
    for line in _old_lines(part):
        bare = line.strip()
        if len(bare) >= _MIN_LINE and seen.lines.get(bare, -1) >= 0:
            seen.lines[bare] = -1
            yield Fact(bare, used_at, None, "code line")


def _words(text: str) -> Iterator[tuple[str, str]]:
    for match in _WORDS.finditer(text):
        kind, word = match.lastgroup or "", match[0]
        if kind == "symbol" and (len(word) < _MIN_SYMBOL or not _LETTERS.search(word)):
            continue
        yield kind, word.rstrip(".,;:!?") if kind == "url" else word


def _whole(word: str) -> str:
    return rf"(?<![A-Za-z0-9_]){re.escape(word)}(?![A-Za-z0-9_])"


def _old_lines(part: Part) -> Iterator[str]:
    """The lines that an edit says stand in the file."""
    if part.kind != "tool_use":
        return
    edits = part.arguments.get("edits")
    for fields in (part.arguments, *(edits if isinstance(edits, list) else ())):
        if not isinstance(fields, dict):
            continue
        for key in _OLD_TEXTS:
            if isinstance(fields.get(key), str):
                yield from fields[key].split("\n")
        for key in _PATCHES:
            if isinstance(fields.get(key), str) and "*** Update File" in fields[key]:
                yield from (line[1:] for line in fields[key].split("\n") if line[:1] in ("-", " "))


def stands(fact: Fact, text: str) -> bool:
    """Whether *fact* can be read in *text* word for word."""
    if fact.pattern is None:
        return fact.text in text
    return re.search(fact.pattern, text) is not None
