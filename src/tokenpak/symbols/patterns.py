"""Regular expressions that find the definitions of a language: the fast path, and the fallback
where no grammar is installed. They stand in `patterns.yaml`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache

import msgspec

from tokenpak.symbols.symbol import Outline, Symbol, line_numbers
from tokenpak.tables import table

_KIND = {"constructor": "method", "function2": "function"}
_COMMENTS = {
    "sql": re.compile(r"--[ \t]*([^\n]+)|/\*+(.{3,600}?)\*/", re.DOTALL),
    **{name: re.compile(r"\n[ \t]*#+[ \t]*([^\n!]+)") for name in ("ruby", "bash")},
}
_C_COMMENTS = re.compile(r"\n[ \t]*+(?:///?!?[ \t]*([^\n]+)|/\*\*?(.{3,600}?)\*/)", re.DOTALL)
_MAX_NOTES = 6000


def read(text: str, language: str) -> Outline:
    """The definitions that the patterns of *language* find in *text*, and its comments."""
    text = "\n" + text
    names: list[tuple[str, str]] = []
    offsets: list[int] = []
    for match in _patterns()[language].finditer(text):
        group = match.lastgroup
        if group is not None:
            names.append((match[group].strip('"`[]'), _KIND.get(group, group)))
            offsets.append(match.start(group))
    lines = line_numbers(text, offsets)
    found = [Symbol(name, kind, line - 1) for (name, kind), line in zip(names, lines, strict=True)]
    return Outline(found, comments(text, language))


def comments(text: str, language: str) -> str:
    """The comments of *text* that stand in lines of their own, up to some thousand characters."""
    taken: list[str] = []
    size = 0
    for match in _COMMENTS.get(language, _C_COMMENTS).finditer(text):
        note = match[match.lastindex] if match.lastindex else ""
        taken.append(note)
        size += len(note)
        if size > _MAX_NOTES:
            break
    return "\n".join(taken)


def languages() -> Collection[str]:
    """The languages that have patterns."""
    return _patterns().keys()


class _Lines(msgspec.Struct):
    one_of: list[str]
    before: str = ""


class _File(msgspec.Struct):
    pieces: dict[str, str]
    languages: dict[str, _Lines]


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    file = table("tokenpak.symbols", "patterns.yaml", _File)
    found = {}
    for language, lines in file.languages.items():
        source = f"{lines.before}(?:{'|'.join(lines.one_of)})"
        for name, piece in file.pieces.items():
            source = source.replace(f"<<{name}>>", piece)
        found[language] = re.compile(r"\n[ \t]*+" + source)
    return found
