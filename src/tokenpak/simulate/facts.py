"""Used-later facts: strings that an agent took from a tool result and wrote itself at a later turn.

If one is no longer in the packed request of the turn that used it, the agent would have had to
act differently there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from tokenpak.canonical import Part
from tokenpak.errors import WireError
from tokenpak.redact import redact
from tokenpak.simulate.conversation import Fact
from tokenpak.simulate.outcome import Lost
from tokenpak.simulate.reading import visible

# A name has at most 255 characters; without a limit, a long line of dots and dashes is read anew
# from each of them.
_WORDS = re.compile(
    r"(?P<url>https?://[^\s\"'<>()\[\]{}`\\]+)"
    r"|(?P<path>(?:~?/|\.{1,2}/)?(?:[\w.@+-]{1,255}/){1,64}[\w.@+-]{0,255}\w"
    r"|\b\w[\w-]{0,255}(?:\.[\w-]{1,255}){0,30}\.[a-z]\w{0,4}\b(?![.(]))"
    r"|(?P<hash>\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}\b)"
    r"|(?P<symbol>[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)"
    r"|(?P<number>(?<![\w.])\d{4,}(?![\w]))"
)
# Begun at the first letter only, as a long word without a capital would be read anew from each.
_LETTERS = re.compile(
    r"\A[^a-z]*[a-z][^A-Z]*[A-Z]"  # a small one before a capital
    r"|\A(?:(?![A-Z]{2}).)*[A-Z]{2}[^a-z]*[a-z]"  # two capitals before a small one
    r"|[a-z]_|_[a-z]|[A-Z]_[A-Z]|\."
)
_GUTTER = re.compile(r"^\s*\d+(?:→|\t|: ?|\| ?)")
_OLD_TEXTS = ("old_string", "old_str", "oldString", "old_text", "oldText", "search")
_PATCHES = ("input", "patch", "patchText", "diff")
_MIN_SYMBOL = 6
_MIN_LINE = 12
_UNREAD = ("image", "thinking", "other")
_SHOWN_CHARS = 200
_MASKED = "[REDACTED]"


class _Seen:
    """Every word and line, and whether it is news from a tool result that the agent may use."""

    def __init__(self) -> None:
        self.words: dict[str, bool] = {}
        self.lines: dict[str, bool] = {}

    def note(self, text: str, *, is_news: bool) -> None:
        for _, word in _words(text):
            self.words.setdefault(word, is_news)
        for line in text.split("\n"):
            # With its number as well: agents do paste it, and then it must be the same.
            for bare in {line.strip(), _GUTTER.sub("", line).strip()}:
                if len(bare) >= _MIN_LINE:
                    self.lines.setdefault(bare, is_news)


def find_facts(parts: Sequence[Part], turns: Sequence[int], offset: int = 0) -> list[Fact]:
    """The facts of a conversation: each string once, at the first turn that uses it.

    *turns* are the message counts of its requests, *offset* the messages that stand before the
    first of them.
    """
    seen = _Seen()
    found: list[Fact] = []
    for part in parts:
        if part.kind in _UNREAD:
            continue
        text = visible(part)
        if part.role == "assistant" and part.kind in ("text", "tool_use"):
            at = bisect_right(turns, part.message - offset)
            if at:
                found += _used(part, text, turns[at - 1], seen)
        seen.note(text, is_news=part.kind == "tool_result")
    return found


def _used(part: Part, text: str, used_at: int, seen: _Seen) -> Iterator[Fact]:
    """The facts in what the agent wrote; they are no news from then on."""
    for kind, word in _words(text):
        if seen.words.get(word):
            seen.words[word] = False
            yield Fact(word, used_at, _whole(word), kind)
    for line in _old_lines(part):
        bare = line.strip()
        if seen.lines.get(bare):
            seen.lines[bare] = False
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


def describe(fact: Fact, parts: Sequence[Part]) -> Lost:
    """*fact*, which is lost, with the line of the first tool result of *parts* that had it.

    The whole result is masked before the line is taken: a line of a private key alone would not
    be known for one. A fact that is not found after that was a secret, or a part of one.
    """
    for part in parts:
        if part.kind != "tool_result":
            continue
        try:
            text = part.text
        except WireError:
            continue
        if stands(fact, text):
            lines = (each for each in redact(text).split("\n") if stands(fact, each))
            line = next(lines, None)
            if line is None:
                return Lost(_MASKED, fact.kind, fact.used_at, _MASKED)
            return Lost(fact.text, fact.kind, fact.used_at, line.strip()[:_SHOWN_CHARS])
    return Lost(redact(fact.text), fact.kind, fact.used_at, "")
