"""Comments, literals and brackets of a source in their order, in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from tokenpak.processors.syntax import Syntax, syntax_of

Kind = Literal["comment", "literal", "bracket", "unclosed"]

MAX_HOLES = 6
"""Strings in code in strings: deeper than this a string counts as unclosed."""

_BORDER_OF_COMMENT = re.compile(r"/\*|\*/")
_VALUE_BEGINS = frozenset("(,=:[!&|?{;+-*%>~^")  # not `<` and `}`: closing tags of JSX
_VALUE_FOLLOWS = frozenset(
    "return typeof case in of delete void throw new do else await yield instanceof and or not if "
    "unless when while until then".split()
)
_LAST_WORD = re.compile(r"[A-Za-z_$]+\Z")
_EXPRESSION = re.compile(r"/(?:\\[^\n]|\[(?:\\[^\n]|[^\]\\\n])*+\]|[^/\\\n\[])++/[a-z]*")
_CLOSING = {"{": "}", "(": ")"}


class Token(NamedTuple):
    """A stretch of a source; an `unclosed` one reaches to its end."""

    start: int
    end: int
    kind: Kind


def scan(text: str, language: str, *, brackets: bool = False) -> Iterator[Token]:
    """What counts in *text*; with *brackets* also these, and semicolons, outside of literals.

    Empty for a language whose comments are not known. Linear: what opens and does not close is
    looked for once.
    """
    syntax = syntax_of(language)
    if syntax is None:
        return iter(())
    return _tokens(text, syntax, brackets, _start(text, language))


def _start(text: str, language: str) -> int:
    # Before its first tag a file of PHP is a page.
    return max(0, text.find("<?")) if language == "php" else 0


def _tokens(
    text: str, syntax: Syntax, brackets: bool, at: int, *, limit: int = -1, holes: int = 0
) -> Iterator[Token]:
    search = (syntax.bracketed if brackets else syntax.scanner).search
    limit = limit if limit >= 0 else len(text)
    comment = (-1, -1)
    while match := search(text, at, limit):
        start, end = match.span()
        kind: Kind = "literal"
        group = match.lastgroup
        if group == "comment":
            if holes and text[start] == "#":
                at = start + 1  # of a format, as in {number:#x}
                continue
            kind, comment = "comment", (start, end)
        elif group == "bracket":
            kind = "bracket"
        elif group == "nested":
            kind, end = "comment", _comment_end(text, end)
            comment = (start, end)
        elif group == "open":
            end = _string_end(text, end, match["open"], syntax, limit, holes)
        elif group == "heredoc":
            end = _document_end(text, end, match)
        elif group == "regex":
            if not _value_may_begin(text, start, comment):
                at = end
                continue
            end = _expression_end(text, start)
        elif group is not None and group.startswith("unclosed"):
            end = -1
        if end < 0:
            yield Token(start, len(text), "unclosed")
            return
        yield Token(start, end, kind)
        at = max(end, start + 1)


def _comment_end(text: str, at: int) -> int:
    depth = 1
    for match in _BORDER_OF_COMMENT.finditer(text, at):
        depth += 1 if match[0] == "/*" else -1
        if not depth:
            return match.end()
    return -1


def _string_end(text: str, at: int, opening: str, syntax: Syntax, limit: int, holes: int) -> int:
    """Where a string with holes ends; one of a line at the latest with it, -1 if it does not."""
    one_line = len(opening) == 1 and opening != "`" and syntax.hole not in ("#{", "$(")
    if one_line:
        line_end = text.find("\n", at, limit)
        limit = line_end if line_end >= 0 else limit
    find = _inside(opening, syntax.hole).search
    while match := find(text, at, limit):
        at = match.end()
        if match[0] == opening:
            return at
        if match[0] == syntax.hole:
            at = _hole_end(text, at, syntax, limit, holes + 1) if holes < MAX_HOLES else -1
            if at < 0:
                break
    return limit if one_line else -1


@cache
def _inside(opening: str, hole: str) -> re.Pattern[str]:
    """What ends, escapes or opens something inside of a string."""
    doubled = [r"\{\{"] if hole == "{" else []
    return re.compile("|".join([*doubled, re.escape(hole), r"\\[\s\S]", re.escape(opening)]))


def _hole_end(text: str, at: int, syntax: Syntax, limit: int, holes: int) -> int:
    opening = syntax.hole[-1]
    closing = _CLOSING[opening]
    depth = 1
    for token in _tokens(text, syntax, True, at, limit=limit, holes=holes):
        if token.kind == "unclosed":
            return -1
        if token.kind == "bracket":
            bracket = text[token.start]
            depth += (bracket == opening) - (bracket == closing)
            if not depth:
                return token.end
    return -1


def _document_end(text: str, at: int, match: re.Match[str]) -> int:
    indented = "[ \\t]*" if match[0][2:3] in ("-", "~", "<") else ""
    last = "\\b" if match[0].startswith("<<<") else "[ \\t]*$"
    found = re.compile(rf"^{indented}{match['word']}{last}", re.MULTILINE).search(text, at)
    return found.end() if found else -1


def _expression_end(text: str, at: int) -> int:
    """Where the regular expression at *at* ends; where its line does if it is not closed."""
    match = _EXPRESSION.match(text, at)
    if match:
        return match.end()
    line_end = text.find("\n", at)
    return line_end if line_end >= 0 else len(text)


def _value_may_begin(text: str, at: int, comment: tuple[int, int]) -> bool:
    """Whether a slash at *at* opens a regular expression rather than divides.

    *comment* is the place of the last one: what stands before it counts.
    """
    before = _end_of_code(text, at)
    if before == comment[1]:
        before = _end_of_code(text, comment[0])
    if not before or text[before - 1] in _VALUE_BEGINS:
        return True
    word = _LAST_WORD.search(text, max(0, before - 12), before)
    return word is not None and word[0] in _VALUE_FOLLOWS


def _end_of_code(text: str, at: int) -> int:
    while at and text[at - 1] in " \t\r\n":
        at -= 1
    return at
