"""What a file defines: names with their kind and line, and the words that explain them."""

from __future__ import annotations

from typing import NamedTuple

# One letter each, as the index stores them. Letters are never given to another kind.
KINDS = {
    "c": "class",
    "f": "function",
    "m": "method",
    "K": "constant",
    "v": "variable",
    "i": "interface",
    "s": "struct",
    "e": "enum",
    "t": "trait",
    "T": "type",
    "n": "module",
    "x": "macro",
    "h": "heading",
    "k": "key",
    "b": "table",
    "w": "view",
    "d": "index",
    "a": "anchor",
}


class Symbol(NamedTuple):
    """A name that a file defines; `line` counts from 1, `kind` is one of the values of KINDS."""

    name: str
    kind: str
    line: int


class Outline(NamedTuple):
    """The symbols of a file in the order of their lines, and the text that explains them."""

    symbols: list[Symbol]
    notes: str


def line_numbers(text: str, offsets: list[int]) -> list[int]:
    """The lines, counted from 1, in which the ascending *offsets* of *text* lie."""
    lines, line, done = [], 1, 0
    for offset in offsets:
        line += text.count("\n", done, offset)
        lines.append(line)
        done = offset
    return lines
