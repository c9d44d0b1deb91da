"""Code without its comments and idle whitespace; strings and what steers a tool stay."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tokenpak.processors.cut import Cut, apply
from tokenpak.processors.languages import language_of
from tokenpak.processors.scanning import Token, scan
from tokenpak.processors.syntax import syntax_of

# What a compiler, an interpreter or a bundler reads, documentation with examples, and documents'
# conditional parts. https://pkg.go.dev/cmd/compile#hdr-Compiler_Directives, PEP 263
_KEPT = re.compile(
    r"^(?:#!|#.*coding[:=]|//go:|// ?\+build|//export |//line |///|//!|/\*[*!+]|--[|+!]|-- \||"
    r"\{-[#|]|<!--\[if|<!--#|//[#@] ?source|/\*[#@] ?source|/\* ?[#@]__)"
    r"|\bpragma\b|@ts-(?:no)?check|@flow|@jsx|@license|@preserve|webpack\w+:|>>> "
    r"|^#\s*(?:frozen_string_literal|typed|cython|distutils|syntax|escape|check|warn_indent)\s*[:=]"
    r"|^#\s*type:(?!\s*ignore)",
    re.IGNORECASE,
)
_DOCUMENTATION = re.compile(r"///(?!\s*<)|//!|/\*[*!](?![*!/])")
_BOILERPLATE = re.compile(
    r"^(?:#|//|/\*|<!--|--)\s*(?:type:\s*ignore|pylint:|noqa|mypy:|pyright:|ruff:|flake8:|isort:|"
    r"fmt:|yapf:|nosec|eslint-|jshint|jslint|tslint:|prettier-ignore|biome-ignore|stylelint-|"
    r"istanbul|c8 ignore|rubocop:|nolint|NOLINT|noinspection|shellcheck|clang-format|"
    r"@ts-(?:ignore|expect-error|nocheck)|phpcs:|@phpstan|swiftlint:|ktlint-|hadolint|"
    r"vim?:|-\*-\s*mode:|markdownlint-)"
)
# No search for the line's borders: a line may be a megabyte long and all comments.
_REST_OF_LINE = re.compile(r"[ \t\r]*+(?:\n|\Z)")
_TRAILING = re.compile(r"(?<![ \t])[ \t]++(?=\r?\n)")
_BLANK = re.compile(r"\n(?:[ \t]*\r?\n){2,}")


def tidy_code(
    text: str,
    language: str | None,
    *,
    comments: bool = True,
    boilerplate: bool = True,
    whitespace: bool = True,
) -> str:
    """*text* without comments, notes for linters, trailing blanks and repeated empty lines.

    Each of these can be kept. Strings of every kind stay as they are, and with them URLs in
    code; so do shebangs, pragmas, documentation comments and doctests. Comments that cannot be
    told from a literal with certainty stay, too. *language* is a name, an ending or the word of a
    fence; of an unknown one nothing changes.
    """
    known = language_of(language or "")
    if known is None or syntax_of(known) is None:
        return text
    tokens = list(scan(text, known))
    if tokens and tokens[-1].kind == "unclosed":
        return text
    cuts = comment_cuts(text, known, tokens, comments=comments, boilerplate=boilerplate)
    if not whitespace:
        return apply(text, cuts)
    # What lies between literals of several lines is tidied at one go.
    literals = [
        Cut(start, end, text[start:end])
        for start, end, kind in tokens
        if kind == "literal" and text.find("\n", start, end) >= 0
    ]
    whole = {each.start for each in literals}
    pieces: list[str] = []
    run: list[str] = []
    at = 0
    for start, end, note in sorted([*cuts, *literals]):
        if start < at:
            continue
        run.append(text[at:start])
        at = end
        if start in whole:
            pieces += (_clean("".join(run)), note)
            run = []
        else:
            run.append(note)
    run.append(text[at:])
    return "".join([*pieces, _clean("".join(run)).rstrip(" \t")])


def comment_cuts(
    text: str,
    language: str,
    tokens: Iterable[Token],
    *,
    comments: bool = True,
    boilerplate: bool = True,
    documentation: bool = False,
) -> list[Cut]:
    """What goes of the comments among *tokens*; those that document only with *documentation*."""
    syntax = syntax_of(language)
    if syntax is None or (syntax.unsafe is not None and syntax.unsafe.search(text)):
        return []
    cuts = []
    for start, end, kind in tokens:
        if kind == "comment" and _goes(text[start:end], comments, boilerplate, documentation):
            cut = _cut(text, start, end, syntax.whole_lines)
            if cut is not None:
                cuts.append(cut)
    return cuts


def _clean(run: str) -> str:
    return _BLANK.sub("\n\n", _TRAILING.sub("", run))


def _goes(comment: str, comments: bool, boilerplate: bool, documentation: bool) -> bool:
    if boilerplate and _BOILERPLATE.search(comment):
        return True
    if documentation and _DOCUMENTATION.match(comment):
        return True
    return comments and not _KEPT.search(comment)


def _cut(text: str, start: int, end: int, whole_lines: bool) -> Cut | None:
    """From where to where text goes for the comment, and what comes in its place."""
    before = _rstrip_to(text, start)
    alone = not before or text[before - 1] == "\n"
    rest = _REST_OF_LINE.match(text, end)
    if alone and rest:
        return Cut(before, rest.end(), "")
    if whole_lines:
        return None
    if not alone and rest:
        if text[start - 1] not in " \t;,(){}[]*/":
            return None
        # The newline stays: it ends the statement.
        return Cut(before, end, "")
    # A block comment inside of a line separates words, one over several lines ends a statement.
    return Cut(start, end, "\n" if "\n" in text[start:end] else " ")


def _rstrip_to(text: str, end: int) -> int:
    while end and text[end - 1] in " \t":
        end -= 1
    return end
