"""Symbols and noted words of a file as the bytes that the index keeps, and back."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

from tokenpak.symbols import KINDS, Symbol

_LETTERS = {kind: letter for letter, kind in KINDS.items()}


def pack(symbols: Iterable[Symbol], noted: Sequence[str]) -> bytes:
    """*symbols* (names, kinds and lines) and *noted* words, compressed."""
    names: list[str] = []
    places: list[str] = []
    last = 0
    for name, kind, line in symbols:
        names.append(" ".join(name.split()))
        places.append(f"{_LETTERS[kind]}{line - last if line != last else ''}")
        last = line
    # Alike things together compress better.
    text = "\0".join(("\n".join(names), " ".join(places), " ".join(noted)))
    return zlib.compress(text.encode("utf-8", "replace"), 6)


def unpack(data: bytes) -> tuple[list[Symbol], str]:
    """The symbols, and the noted words with a space between them."""
    names, places, noted = zlib.decompress(data).decode("utf-8").split("\0")
    symbols: list[Symbol] = []
    line = 0
    for name, place in zip(names.split("\n"), places.split(" "), strict=True):
        if place:
            line += int(place[1:] or 0)
            symbols.append(Symbol(name, KINDS[place[0]], line))
    return symbols, noted


def unpacked_texts(data: bytes) -> tuple[str, str]:
    """The names of the symbols, one a line, and the noted words, which is sooner done."""
    names, _, noted = zlib.decompress(data).decode("utf-8").split("\0")
    return names, noted
