"""Definitions by tree-sitter, for the languages whose grammar is installed (the extra `code`)."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING

from tokenpak.symbols.symbol import Symbol

if TYPE_CHECKING:
    import tree_sitter

PREFERRED = frozenset(
    ("c", "cpp", "csharp", "java", "javascript", "kotlin", "swift", "tsx", "typescript")
)
"""The languages in which patterns miss definitions; in others they find the same in a tenth of the
time (docs/vault.md has the figures). Each has its query in `queries/`, `NAME.scm`."""

# Where the package is not called as the language.
_PACKAGES = {"csharp": "c_sharp", "tsx": "typescript"}
_INHERITS = re.compile(r"; inherits: (\w+)\n")
# tree-sitter needs about 0.1 s a megabyte; what is larger was rarely written by hand.
_MAX_CHARS = 400_000
_PIECE_BYTES = 4096
# A step stands for a hundred operations; sources need up to 110 a kilobyte.
_STEPS_OF_A_KB = 250
_MIN_STEPS = 1000


def read(text: str, language: str) -> list[Symbol] | None:
    """The definitions in *text*; None if the grammar is missing or the text is too long."""
    tools = _tools(language) if len(text) <= _MAX_CHARS else None
    if tools is None:
        return None
    parser, cursor = tools
    tree = _parsed(parser, text.encode("utf-8", "replace"))
    if tree is None:
        return None
    found: dict[tuple[int, int], Symbol] = {}
    for kind, nodes in cursor.captures(tree.root_node).items():
        for node in nodes:
            name = (node.text or b"").decode("utf-8", "replace")
            place = (node.start_byte, node.end_byte)
            # The narrower pattern (a method, a struct) wins over the wider (a function, a type).
            if name and (
                place not in found or found[place].kind in ("function", "type", "variable")
            ):
                found[place] = Symbol(name, kind, node.start_point[0] + 1)
    return [found[place] for place in sorted(found)]


def _parsed(parser: tree_sitter.Parser, data: bytes) -> tree_sitter.Tree | None:
    """The tree of *data*; None if it takes more work than any source does.

    Work is counted in steps of the parser and pieces that it reads, not in seconds, so that the
    same text always gives the same.
    """
    left = _MIN_STEPS + len(data) // 1000 * _STEPS_OF_A_KB

    def read(offset: int, point: object) -> bytes:
        nonlocal left
        left -= 1
        return data[offset : offset + _PIECE_BYTES] if left > 0 else b""

    def stops(offset: int, has_error: bool) -> bool:
        nonlocal left
        left -= 1
        return left <= 0

    try:
        return parser.parse(read, progress_callback=stops)
    except ValueError:  # what it raises when it is stopped
        parser.reset()
        return None


@cache
def _tools(language: str) -> tuple[tree_sitter.Parser, tree_sitter.QueryCursor] | None:
    if language not in PREFERRED:
        return None
    try:
        import tree_sitter as library

        module = import_module(f"tree_sitter_{_PACKAGES.get(language, language)}")
    except ImportError:
        return None
    # A package of several grammars names each.
    grammar = getattr(module, f"language_{language}", None) or module.language
    known = library.Language(grammar())
    return library.Parser(known), library.QueryCursor(library.Query(known, _query(language)))


def _query(language: str) -> str:
    """The query of *language*, that of the language from which it inherits first."""
    own = (files("tokenpak.symbols") / "queries" / f"{language}.scm").read_text("utf-8")
    parent = _INHERITS.match(own)
    return _query(parent[1]) + own if parent else own
