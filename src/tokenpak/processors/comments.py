"""Code without its comments and idle whitespace; strings and what steers a tool stay."""

from __future__ import annotations

import re

from tokenpak.processors.languages import Syntax, syntax_of

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
_BOILERPLATE = re.compile(
    r"^(?:#|//|/\*|<!--|--)\s*(?:type:\s*ignore|pylint:|noqa|mypy:|pyright:|ruff:|flake8:|isort:|"
    r"fmt:|yapf:|nosec|eslint-|jshint|jslint|tslint:|prettier-ignore|biome-ignore|stylelint-|"
    r"istanbul|c8 ignore|rubocop:|nolint|NOLINT|noinspection|shellcheck|clang-format|"
    r"@ts-(?:ignore|expect-error|nocheck)|phpcs:|@phpstan|swiftlint:|ktlint-|hadolint|"
    r"vim?:|-\*-\s*mode:|markdownlint-)"
)
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
    told from a literal with certainty stay, too. Of an unknown *language* nothing changes.
    """
    syntax = syntax_of(language) if language else None
    if syntax is None:
        return text
    uncertain = syntax.unsafe is not None and syntax.unsafe.search(text) is not None
    pieces: list[str] = []
    run: list[str] = []  # what lies between two literals of several lines
    at = 0
    for match in syntax.scanner.finditer(text):
        start, end = match.span()
        if match["comment"] is None:
            if whitespace and text.find("\n", start, end) >= 0:
                run.append(text[at:start])
                pieces.append(_clean("".join(run)))
                pieces.append(text[start:end])
                run, at = [], end
            continue
        if uncertain or not _goes(match[0], start, comments, boilerplate):
            continue
        cut = _cut(text, start, end, syntax)
        if cut is not None and cut[0] >= at:
            run += (text[at : cut[0]], cut[2])
            at = cut[1]
    run.append(text[at:])
    rest = "".join(run)
    pieces.append(_clean(rest).rstrip(" \t") if whitespace else rest)
    return "".join(pieces)


def _clean(run: str) -> str:
    return _BLANK.sub("\n\n", _TRAILING.sub("", run))


def _goes(comment: str, start: int, comments: bool, boilerplate: bool) -> bool:
    if boilerplate and _BOILERPLATE.search(comment):
        return True
    return comments and not _KEPT.search(comment)


def _cut(text: str, start: int, end: int, syntax: Syntax) -> tuple[int, int, str] | None:
    """From where to where text goes for the comment, and what comes in its place."""
    line = text.rfind("\n", 0, start) + 1
    following = text.find("\n", end)
    following = len(text) if following < 0 else following
    alone = not text[line:start].strip()
    if alone and not text[end:following].strip():
        return line, min(following + 1, len(text)), ""
    if syntax.whole_lines:
        return None
    if not alone and text[end:following].strip() == "":
        if text[start - 1] not in " \t;,(){}[]*/":
            return None
        # The newline stays: it ends the statement.
        return _rstrip_to(text, start), end, ""
    # A block comment inside of a line separates words, one over several lines ends a statement.
    return start, end, "\n" if "\n" in text[start:end] else " "


def _rstrip_to(text: str, end: int) -> int:
    while end and text[end - 1] in " \t":
        end -= 1
    return end
