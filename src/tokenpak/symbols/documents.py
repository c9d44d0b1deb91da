"""Outlines of documents and settings: headings of Markdown and HTML, keys of YAML, TOML, JSON."""

from __future__ import annotations

import re

from tokenpak.symbols.symbol import Outline, Symbol, line_numbers

_FENCE = re.compile(r"^[ \t]*(```+|~~~+)[^\n]*\n.*?(?:^[ \t]*\1|\Z)", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"\n(?:#{1,6}[ \t]+([^\n]+)|([^\n]+)\n(?:={3,}|-{3,})[ \t]*(?=\n|\Z))")
_UNDERLINED = re.compile(r"\n([^\n]{2,120})\n(?:([=\-~^\"'*+#])\2{2,})[ \t]*(?=\n|\Z)")
_HTML = re.compile(
    r"<(?:title|h[1-6])\b[^>]*>(.*?)</(?:title|h[1-6])>|\bid=[\"']([^\"'\s]+)", re.I | re.S
)
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.I | re.S)
_KEYS = {
    "yaml": re.compile(r"\n[ \t]{0,8}(?:-[ \t]+)?([\w./-]+|\"[^\"\n]+\"|'[^'\n]+'):(?=[ \t\n]|\Z)"),
    "json": re.compile(r"\"([^\"\n\\]{1,80})\"\s*:"),
    "toml": re.compile(r"\n[ \t]*(?:\[\[?([^\]\n]+)\]\]?|([\w\".-]+)[ \t]*=)"),
}
_MAX_PROSE = 40_000
_MAX_KEYS = 400


def markdown(text: str) -> Outline:
    """The headings outside of code fences; the prose is what explains them."""
    plain = "\n" + _FENCE.sub(lambda match: "\n" * match[0].count("\n"), text)
    return _headings(plain, _HEADING)


def restructured(text: str) -> Outline:
    """The underlined titles of reStructuredText; the prose is what explains them."""
    return _headings("\n" + text, _UNDERLINED)


def html(text: str) -> Outline:
    """The title, headings and ids of a page, and its text."""
    symbols: list[Symbol] = []
    matches = list(_HTML.finditer(text))
    lines = line_numbers(text, [match.start() for match in matches])
    for match, line in zip(matches, lines, strict=True):
        heading = " ".join(_TAG.sub(" ", match[1] or "").split())
        if heading:
            symbols.append(Symbol(heading, "heading", line))
        elif match[2]:
            symbols.append(Symbol(match[2], "anchor", line))
    return Outline(symbols, _TAG.sub(" ", text[:_MAX_PROSE]))


def keys(text: str, language: str) -> Outline:
    """The keys of a YAML, TOML or JSON file, each where it stands first; never a value."""
    text = "\n" + text
    first: dict[str, int] = {}
    for match in _KEYS[language].finditer(text):
        first.setdefault(
            match[match.lastindex or 1].strip(" \"'"), match.start(match.lastindex or 1)
        )
        if len(first) >= _MAX_KEYS:
            break
    lines = line_numbers(text, list(first.values()))
    found = [Symbol(name, "key", line - 1) for name, line in zip(first, lines, strict=True) if name]
    return Outline(found, "")


def _headings(text: str, pattern: re.Pattern[str]) -> Outline:
    matches = list(pattern.finditer(text))
    lines = line_numbers(text, [match.start() + 1 for match in matches])
    symbols = [
        Symbol(
            match[1 if match[1] is not None else match.lastindex or 0].strip(" #\t"),
            "heading",
            line - 1,
        )
        for match, line in zip(matches, lines, strict=True)
    ]
    return Outline([each for each in symbols if each.name], text[:_MAX_PROSE])
