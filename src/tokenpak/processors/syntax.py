"""How to tell comments and strings in each language, from the patterns of `syntax.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import count

import msgspec

from tokenpak.tables import table

_BRACKET = r"(?P<bracket>[()\[\]{};])"
_UNCLOSED_GROUP = re.compile(r"\(\?P<unclosed>")


@dataclass(frozen=True, slots=True)
class Syntax:
    """How to tell comments from what looks like one.

    `scanner` finds in order what counts. Its group `comment` is a comment, `nested` opens one
    that may hold others, `open` a string with holes for code (which `hole` opens), `heredoc` a
    document that ends with its `word`. What is `unclosed…` has no end, `regex` opens a literal
    only where a value may begin; any other match is a literal. `bracketed` finds brackets, too.
    Where `unsafe` matches, comments cannot be told with certainty. With `whole_lines` only
    comments that have a line to themselves are certain.
    """

    scanner: re.Pattern[str]
    bracketed: re.Pattern[str]
    hole: str
    unsafe: re.Pattern[str] | None
    whole_lines: bool


class _Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The patterns of one language."""

    comments: tuple[str, ...]
    literals: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    macros: tuple[str, ...] = ()
    hole: str = ""
    unsafe: str = ""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    shared: tuple[str, ...]
    whole_lines: str
    languages: dict[str, _Language]


def commented() -> tuple[str, ...]:
    """The languages whose comments are known."""
    return tuple(_known().languages)


@cache
def syntax_of(language: str) -> Syntax | None:
    """The syntax of *language*; None where its comments are not known."""
    known = _known().languages.get(language)
    if known is None:
        return None
    number = count()
    # A name may stand in a pattern only once.
    found = [
        _UNCLOSED_GROUP.sub(lambda _: f"(?P<unclosed{next(number)}>", each)
        for each in (*known.literals, f"(?P<comment>{'|'.join(known.comments)})", *known.late)
    ]
    return Syntax(
        re.compile("|".join(found), re.MULTILINE),
        re.compile("|".join([*known.macros, *found, _BRACKET]), re.MULTILINE),
        known.hole,
        re.compile(known.unsafe, re.MULTILINE) if known.unsafe else None,
        language in _known().whole_lines.split(),
    )


@cache
def _known() -> _Table:
    return table("tokenpak.processors", "syntax.yaml", _Table)
