"""Real sources by language, and grammars as their judges."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

import tree_sitter

FOLDER = Path(__file__).parent / "sources"
FILES = {
    "kotlin": "ForwardingFileSystem.kt",
    "swift": "UploadRequest.swift",
    "ruby": "streaming.rb",
    "java": "Excluder.java",
    "csharp": "CustomCreationConverterTests.cs",
    "go": "middleware.go",
    "rust": "interpolate.rs",
    "php": "RedirectMiddleware.php",
    "cpp": "args.hpp",
    "typescript": "memory_leaks.ts",
    "tsx": "silver.tsx",
    "bash": "common.sh",
    "javascript": "utf7.js",
    "c": "exc_ops.c",
    "sql": "schema.sql",
}
_GRAMMARS = {
    "csharp": ("tree_sitter_c_sharp", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
}


def source(language: str) -> str:
    return (FOLDER / FILES[language]).read_text("utf-8-sig").replace("\r\n", "\n")


@cache
def _parser(language: str) -> tree_sitter.Parser:
    module, function = _GRAMMARS.get(language, (f"tree_sitter_{language}", "language"))
    return tree_sitter.Parser(tree_sitter.Language(getattr(import_module(module), function)()))


def _nodes(code: str, language: str) -> list[tree_sitter.Node]:
    found, waiting = [], [_parser(language).parse(code.encode()).root_node]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting += reversed(node.children)
    return found


def errors(code: str, language: str) -> int:
    """How many places of *code* its grammar does not understand."""
    return sum(1 for node in _nodes(code, language) if node.is_error or node.is_missing)


def leaves(code: str, language: str) -> str:
    """What *code* says apart from comments and from blanks between its tokens."""
    comments = [
        n.byte_range
        for n in _nodes(code, language)
        if n.type == "marginalia" or "comment" in n.type
    ]
    data = code.encode()
    return "".join(
        data[node.start_byte : node.end_byte].decode().strip()
        for node in _nodes(code, language)
        if not node.child_count
        and not any(start <= node.start_byte < end for start, end in comments)
    )


def defined(code: str, language: str) -> list[str]:
    """The names of functions and types that are no part of another function, in order."""
    kinds = ("function", "method", "class", "struct", "interface", "constructor")
    names = []
    waiting = [_parser(language).parse(code.encode()).root_node]
    while waiting:
        node = waiting.pop()
        name = node.child_by_field_name("name") or node.child_by_field_name("declarator")
        if name is not None and node.type.startswith(kinds):
            names.append((name.text or b"").decode())
        waiting += reversed(
            [each for each in node.children if "body" not in each.type and each.type != "block"
             or node.type.startswith(("class", "struct", "interface", "impl", "trait", "object"))]
        )  # fmt: skip
    return names
