"""Outlines of files: what each defines, in which line, and the words that explain it."""

from __future__ import annotations

from tokenpak.symbols import documents, grammars, patterns, python
from tokenpak.symbols.symbol import KINDS, Outline, Symbol

__all__ = ["KINDS", "Outline", "Symbol", "outline"]

_DOCUMENTS = {
    "markdown": documents.markdown,
    "restructuredtext": documents.restructured,
    "html": documents.html,
    "python": python.read,
}
_KEYS = ("yaml", "toml", "json")


def outline(text: str, language: str, *, exact: bool = True) -> Outline:
    """What *text* defines, by the best reader for *language*; empty for an unknown language.

    With *exact* the languages whose patterns miss definitions are parsed, if the extra `code` is
    installed. Never raises on any text.
    """
    if language in _DOCUMENTS:
        return _DOCUMENTS[language](text)
    if language in _KEYS:
        return documents.keys(text, language)
    if language not in patterns.languages():
        return Outline([], "")
    if exact and language in grammars.PREFERRED:
        found = grammars.read(text, language)
        if found is not None:
            return Outline(found, patterns.comments("\n" + text, language))
    return patterns.read(text, language)
