"""The bodies of functions in languages where indentation shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tokenpak.processors.cut import Cut
from tokenpak.processors.scanning import Token

_MIN_LINES = 3
"""A body of fewer lines is no longer than the note in its place."""


class _Form(NamedTuple):
    """How a function begins and ends, and the note in the place of its body."""

    begins: re.Pattern[str]
    ends: re.Pattern[str] | None
    note: str


_FORMS = {
    "python": _Form(re.compile(r"(?:async[ \t]+)?def[ \t]+\w"), None, "...  # {}"),
    "ruby": _Form(re.compile(r"(?:\w+[ \t]+)?def[ \t]+[^\s=]"), re.compile(r"end\b"), "# {}"),
    "lua": _Form(
        re.compile(r"(?:local[ \t]+)?function\b|[\w.\[\]\"' \t]+=[ \t]*function\b"),
        re.compile(r"end\b"),
        "-- {}",
    ),
    "bash": _Form(
        re.compile(r"(?:function[ \t]+[^\s(){}]+|[^\s(){}='\"]+[ \t]*\([ \t]*\)).*\{[ \t]*$"),
        re.compile(r"\}"),
        ": # {}",
    ),
    "sql": _Form(
        re.compile(r"begin[ \t]*$", re.IGNORECASE), re.compile(r"end\b", re.IGNORECASE), "-- {}"
    ),
}
LANGUAGES = tuple(_FORMS)


class _Lines(NamedTuple):
    """Lines of a source, where they begin, and which belong to what an earlier one began."""

    text: list[str]
    starts: list[int]
    continued: set[int]
    comments: set[int]


def bodies(
    text: str, language: str, tokens: Sequence[Token], *, docstrings: bool
) -> list[Cut] | None:
    """A cut for each outermost body of a function in *text*; None if its brackets do not pair."""
    lines = _lines(text, tokens, brackets=language == "python")
    if lines is None:
        return None
    form = _FORMS[language]
    cuts = []
    at = 0
    while at < len(lines.text):
        found = _body(lines, at, form, language)
        at += 1
        if found is None:
            continue
        first, last = found
        if docstrings and language == "python":
            first = _behind_docstring(lines, first)
        indent = _indent(lines.text[min(first, last)])
        note = indent + form.note.format(f"lines {first + 1}-{last + 1} left out")
        start, end = lines.starts[min(first, last)], lines.starts[last] + len(lines.text[last])
        if last - first + 1 >= _MIN_LINES and len(note) < end - start:
            cuts.append(Cut(start, end, note))
            at = last + 1
    return cuts


def _lines(text: str, tokens: Sequence[Token], *, brackets: bool) -> _Lines | None:
    lines = text.split("\n")
    starts, place = [], 0
    for line in lines:
        starts.append(place)
        place += len(line) + 1
    continued: set[int] = set()
    comments: set[int] = set()
    opened: list[str] = []
    number = at = began = 0
    for start, end, kind in tokens:
        number += text.count("\n", at, start)
        at = start
        if kind == "unclosed":
            return None
        if kind == "literal":
            continued.update(range(number + 1, number + 1 + text.count("\n", start, end)))
        elif kind == "comment":
            if not text[starts[number] : start].strip():
                comments.add(number)
        elif brackets and text[start] in "([{":
            began = began if opened else number
            opened.append(text[start])
        elif brackets and text[start] in ")]}":
            if not opened or opened.pop() + text[start] not in ("()", "[]", "{}"):
                return None
            if not opened:
                continued.update(range(began + 1, number + 1))
    return _Lines(lines, starts, continued, comments) if not opened else None


def _body(lines: _Lines, at: int, form: _Form, language: str) -> tuple[int, int] | None:
    """The first and the last line of the body of the function that begins in line *at*."""
    line = lines.text[at]
    indent = _indent(line)
    if at in lines.continued or at in lines.comments:
        return None
    if not form.begins.match(line, len(indent)):
        return None
    header = at
    while header + 1 in lines.continued:
        header += 1
    if language == "python" and not _opens_block(lines.text[header]):
        return None
    last = end = header
    for end in range(header + 1, len(lines.text)):
        line = lines.text[end]
        deeper = line.startswith(indent) and line[len(indent) : len(indent) + 1] in (" ", "\t")
        if end in lines.continued or (deeper and line.strip()):
            last = end
        elif line.strip() and end not in lines.comments:
            break
    if last == header:
        return None
    if form.ends is not None:
        closing = lines.text[end]
        if end == last or _indent(closing) != indent or not form.ends.match(closing, len(indent)):
            return None
    first = header + 1
    while first < last and not lines.text[first].strip():
        first += 1
    return first, last


def _opens_block(line: str) -> bool:
    """Whether a line of Python ends with a colon; what follows a `#` may hold one, too."""
    code = line.rstrip()
    return code.endswith(":") or ":" in code.partition("#")[0].rstrip()[-1:]


def _behind_docstring(lines: _Lines, first: int) -> int:
    if lines.text[first].lstrip().lstrip("rRuU")[:1] not in ("'", '"'):
        return first
    first += 1
    while first in lines.continued:
        first += 1
    return first


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]
