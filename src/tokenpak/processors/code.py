"""Code by its signatures: what a file defines stays, with where the rest of it stood."""

from __future__ import annotations

import re

from tokenpak.processors import bodies, indented
from tokenpak.processors.comments import comment_cuts
from tokenpak.processors.cut import Cut, apply, left_out
from tokenpak.processors.languages import language_of
from tokenpak.processors.scanning import Token, scan
from tokenpak.processors.size import not_longer

LANGUAGES = (*bodies.LANGUAGES, *indented.LANGUAGES)
"""Languages whose signatures are known."""

_REST_OF_LINE = re.compile(r"[ \t]*+(?:\n|\Z)")
_MARGIN = 200
"""Blanks before a docstring that are looked at."""


class Processor:
    """Leaves out the bodies of functions; imports, types, fields and decorators stay.

    *language* is told by the ending of the path if it is not given. Documentation goes, too,
    unless *keep_docstrings* is set; with *line_numbers* a note names the lines of its body.
    """

    name = "code"

    def __init__(
        self,
        language: str | None = None,
        *,
        keep_docstrings: bool = False,
        line_numbers: bool = True,
    ) -> None:
        self.language = language_of(language) if language else None
        self.keep_docstrings = keep_docstrings
        self.line_numbers = line_numbers

    def process(self, content: str, path: str = "") -> str:
        """*content* with notes such as `lines 12-30 left out` for bodies; the result parses.

        Lines are counted in *content*. What does not parse is given back as it is.
        """
        language = self.language or language_of(
            path.replace("\\", "/").rpartition("/")[2].rpartition(".")[2]
        )
        return signatures(
            content,
            language or "",
            docstrings=self.keep_docstrings,
            line_numbers=self.line_numbers,
        )


def signatures(
    text: str, language: str, *, docstrings: bool = False, line_numbers: bool = True
) -> str:
    """*text* without the bodies of its functions; what cannot be read is given back as it is.

    *language* is a name, an ending or the word of a fence. With *docstrings* what documents a
    definition stays, with *line_numbers* the notes in place of bodies name their lines.

    No parser is asked: bodies are found by brackets or indentation outside of strings and
    comments, and by what stands before them, in linear time and the same on every machine.
    """
    known = language_of(language)
    if known not in LANGUAGES or _is_noise(text):
        return text
    tokens = list(scan(text, known, brackets=True))
    if known in bodies.LANGUAGES:
        cuts = bodies.bodies(text, known, tokens, line_numbers=line_numbers)
    else:
        cuts = indented.bodies(
            text, known, tokens, docstrings=docstrings, line_numbers=line_numbers
        )
    if cuts is None:
        return text
    if known == "sql":
        cuts += _quoted_bodies(text, tokens, line_numbers)
    if cuts and not docstrings:
        cuts += comment_cuts(text, known, tokens, documentation=True)
        if known == "python":
            cuts += _docstrings(text, tokens)
    return not_longer(apply(text, cuts), text)


def _is_noise(text: str) -> bool:
    """Whether more than a third of *text* is brackets: then it is no code, and slow to pair."""
    return len(text) > 1000 and sum(map(text.count, "()[]{};")) * 3 > len(text)


def _quoted_bodies(text: str, tokens: list[Token], line_numbers: bool) -> list[Cut]:
    """What stands between dollars in SQL: the source of a function, for another reader."""
    cuts = []
    line, at = 1, 0
    for start, end, kind in tokens:
        if kind == "literal" and text[start] == "$" and (lines := text.count("\n", start, end)) > 1:
            line += text.count("\n", at, start)
            at = start
            tag = text[start : text.index("$", start + 1) + 1]
            note = f"{tag} /* {left_out(line, line + lines, line_numbers)} */ {tag}"
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
