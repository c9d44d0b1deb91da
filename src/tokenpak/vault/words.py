"""Words of the index: what it knows a file by, from its definitions, its path and its notes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from tokenpak.symbols import Symbol
from tokenpak.words import IDENTIFIER, parts
from tokenpak.words import whole as entire

# Raised whenever the same file would give other words: the index is then made anew.
VERSION = 2

_MAX_WORD = 40
_MAX_NOTED = 1000
STOP_WORDS = frozenset(
    "the and for are was not but with from that this these those has have had its into onto can "
    "will would should must may might which when where what who whom why how then than there here "
    "also any all each both some such only own same other more most very too you your they their "
    "them his her she him our out over under again once does did doing being been were because "
    "until while about between through during before after above below off nor see use used uses "
    "using return returns given an as at be by do if in is it no of on or so to up us we "
    "a i self none true false".split()
)


class Columns(NamedTuple):
    """What the index knows a file by; words with a space between them."""

    name: str
    part: str
    path: str
    note: str


def columns(path: str, symbols: Iterable[Symbol], notes: str) -> Columns:
    """The words of a file at *path*: of its definitions, of its path, of what explains them.

    A word of definitions or notes stands once, in the first of these columns that it belongs to:
    that keeps the index small.
    """
    names: dict[str, None] = {}
    parts: dict[str, None] = {}
    for symbol in symbols:
        if symbol.kind == "heading":
            parts.update(dict.fromkeys(noted_words(symbol.name)))
            continue
        for whole, pieces in _identifiers(symbol.name):
            names[whole] = None
            parts.update(dict.fromkeys(pieces))
    places: dict[str, None] = {}
    for whole, pieces in _identifiers(path):
        places[whole] = None
        places.update(dict.fromkeys(pieces))
    noted = [each for each in noted_words(notes) if each not in names and each not in parts]
    return Columns(
        " ".join(names),
        " ".join(each for each in parts if each not in names),
        " ".join(places),
        " ".join(noted),
    )


def noted_words(notes: str) -> list[str]:
    """The distinct plain words of *notes*, identifiers in it split; up to a thousand."""
    found: dict[str, None] = {}
    for word in dict.fromkeys(IDENTIFIER.findall(notes)):
        found.update(dict.fromkeys(_noted(word)))
        if len(found) >= _MAX_NOTED:
            break
    return list(found)


def whole(identifier: str) -> str:
    """*identifier* as one word, as the index holds it; empty if it is none."""
    return entire(identifier)[:_MAX_WORD]


@lru_cache(maxsize=200_000)
def _noted(word: str) -> tuple[str, ...]:
    one = whole(word)
    if len(one) < 2 or one in STOP_WORDS or one.isdigit():
        return ()
    if word.islower() or word.istitle():
        pieces = parts(word) if "_" in one or not one.isalpha() else ()
    else:
        pieces = parts(word)
    return tuple(dict.fromkeys((one, *(each for each in pieces if each not in STOP_WORDS))))


@lru_cache(maxsize=200_000)
def _identifiers(name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The identifiers in a name such as `a.b` or a path, each whole and split."""
    found = ((whole(each), parts(each)) for each in IDENTIFIER.findall(name))
    return tuple((one, pieces) for one, pieces in found if one)
