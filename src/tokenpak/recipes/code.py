"""Actions on code: signatures instead of bodies, and code without its comments."""

from __future__ import annotations

import re

from tokenpak.engines.guess import guess_language
from tokenpak.processors.code import signatures
from tokenpak.processors.comments import tidy_code
from tokenpak.processors.languages import language_of
from tokenpak.recipes.directive import Directive, Hints

# How agents' tools number the lines of a file: `     12→text`, `12<tab>text`.
_NUMBERED = re.compile(r" *\d+(?:→|\t)")
_NOTE = re.compile(r"lines (\d+)-(\d+) left out")


class SignatureOnly(Directive, frozen=True, tag="signature_only"):
    """Keep imports, types and signatures of functions; notes tell the lines of each body.

    Code that does not parse stays whole. Numbers in front of lines stay those of the file; behind
    numbers docstrings stay in any case.
    """

    preserve_docstrings: bool = False

    def run(self, text: str, hints: Hints) -> str:
        language = _language(text, hints)
        if language is None:
            return text
        return _without_bodies(text, language, self.preserve_docstrings)


class DropComments(Directive, frozen=True, tag="drop_comments"):
    """Take out comments and notes for linters; strings, pragmas and doctests stay."""

    def run(self, text: str, hints: Hints) -> str:
        return tidy_code(text, _language(text, hints), whitespace=False)


def _language(text: str, hints: Hints) -> str | None:
    return language_of(hints.format) or (None if hints.format else guess_language(text))


def _without_bodies(text: str, language: str, docstrings: bool) -> str:
    """*text* without bodies, beside the line numbers where every line has one."""
    lines = text.split("\n")
    end = len(lines) - (not lines[-1])
    found = [_NUMBERED.match(line) for line in lines[:end]]
    gutters = [match[0] for match in found if match]
    if not gutters or len(gutters) != end:
        return signatures(text, language, docstrings=docstrings)
    bare = [line[len(gutter) :] for line, gutter in zip(lines, gutters, strict=False)]
    # Only what a note tells of is missing then, so that every line is known by its number.
    short = signatures("\n".join([*bare, *lines[end:]]), language, docstrings=True)
    return _renumbered(short.split("\n"), bare, gutters) or text


def _renumbered(short: list[str], bare: list[str], gutters: list[str]) -> str | None:
    """The lines of *short* behind the gutters of those they come from; None if one is not known.

    Notes name lines by their place in the text; they get the numbers in front of these.
    """
    out: list[str] = []
    at = 0
    for line in short:
        note = _NOTE.search(line)
        if at == len(bare):
            out.append(line)
        elif note:
            first, last = int(note[1]) - 1, int(note[2]) - 1
            shown = f"lines {_number(gutters[first])}-{_number(gutters[last])} left out"
            out.append(gutters[first] + line[: note.start()] + shown + line[note.end() :])
            at = last + 1
        elif line == bare[at]:
            out.append(gutters[at] + line)
            at += 1
        else:
            return None
    return "\n".join(out) if at == len(bare) else None


def _number(gutter: str) -> str:
    return gutter.strip(" →\t")
