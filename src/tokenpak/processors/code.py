"""Code by its signatures: what a file defines stays, with where the rest of it stood."""

from __future__ import annotations

import re

from tokenpak.processors import bodies, indented
from tokenpak.processors.comments import comment_cuts
from tokenpak.processors.cut import Cut, apply, not_longer
from tokenpak.processors.languages import language_of
from tokenpak.processors.scanning import Token, scan

LANGUAGES = (*bodies.LANGUAGES, *indented.LANGUAGES)
"""Languages whose signatures are known."""

_REST_OF_LINE = re.compile(r"[ \t]*+(?:\n|\Z)")
_MARGIN = 200
"""Blanks before a docstring that are looked at."""


def signatures(text: str, language: str, *, docstrings: bool = False) -> str:
    """*text* with notes such as `lines 12-30 left out` for the bodies of its functions.

    Imports, types, fields and decorators stay; with *docstrings* also what documents a definition.
    The result parses; what cannot be read is given back as it is. *language* is a name, an ending
    or the word of a fence.

    No parser is asked: bodies are found by brackets or indentation outside of strings and
    comments, and by what stands before them, in linear time and the same on every machine.
    """
    known = language_of(language)
    if known not in LANGUAGES or _is_noise(text):
        return text
    tokens = list(scan(text, known, brackets=True))
    if known in bodies.LANGUAGES:
        cuts = bodies.bodies(text, known, tokens)
    else:
        cuts = indented.bodies(text, known, tokens, docstrings=docstrings)
    if cuts is None:
        return text
    if known == "sql":
        cuts += _quoted_bodies(text, tokens)
    if cuts and not docstrings:
        cuts += comment_cuts(text, known, tokens, documentation=True)
        if known == "python":
            cuts += _docstrings(text, tokens)
    return not_longer(apply(text, cuts), text)


def _is_noise(text: str) -> bool:
    """Whether more than a third of *text* is brackets: then it is no code, and slow to pair."""
    return len(text) > 1000 and sum(map(text.count, "()[]{};")) * 3 > len(text)


def _quoted_bodies(text: str, tokens: list[Token]) -> list[Cut]:
    """What stands between dollars in SQL: the source of a function, for another reader."""
    cuts = []
    line, at = 1, 0
    for start, end, kind in tokens:
        if kind == "literal" and text[start] == "$" and (lines := text.count("\n", start, end)) > 1:
            line += text.count("\n", at, start)
            at = start
            tag = text[start : text.index("$", start + 1) + 1]
            note = f"{tag} /* lines {line}-{line + lines} left out */ {tag}"
            if len(note) < end - start:
                cuts.append(Cut(start, end, note))
    return cuts


def _docstrings(text: str, tokens: list[Token]) -> list[Cut]:
    """The docstrings of modules and classes: strings that are a statement at a block's start."""
    cuts = []
    for start, end, kind in tokens:
        rest = _REST_OF_LINE.match(text, end) if kind == "literal" else None
        if rest is None:
            continue
        begin = start - (text[start - 1 : start] in ("r", "R"))
        margin = max(0, begin - _MARGIN)
        line = begin - len(text[margin:begin]) + len(text[margin:begin].rstrip(" \t"))
        if line and text[line - 1] != "\n":
            continue
        before = text[max(0, line - _MARGIN) : line].rstrip()[-1:]
        if not before and line < _MARGIN:
            cuts.append(Cut(line, rest.end(), ""))
        elif before == ":":
            # A class that says nothing else needs a statement.
            cuts.append(Cut(begin, end, "..."))
    return cuts
