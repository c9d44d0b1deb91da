"""Code of other languages without the bodies of its functions, by tree-sitter's grammars."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tree_sitter

_MIN_LINES = 3
_MAX_BYTES = 2 << 20
"""Larger files stay whole: the parser holds up all other threads while it works."""

Note = Callable[[str], str]
"""What stands in the place of a body, told by its lines."""


def _braces(place: str) -> str:
    return f"{{ /* {place} */ }}"


def _shell(place: str) -> str:
    return f"{{ :; }} # {place}"


def _ruby(place: str) -> str:
    return f"# {place}"


# Language -> module and function of its grammar, nodes with a body, what takes its place.
_C_STYLE = frozenset("function_definition".split())
_JAVASCRIPT = frozenset(
    "function_declaration generator_function_declaration method_definition function_expression "
    "arrow_function".split()
)
_LANGUAGES: dict[str, tuple[str, str, frozenset[str], Note]] = {
    "javascript": ("tree_sitter_javascript", "language", _JAVASCRIPT, _braces),
    "jsx": ("tree_sitter_javascript", "language", _JAVASCRIPT, _braces),
    "typescript": ("tree_sitter_typescript", "language_typescript", _JAVASCRIPT, _braces),
    "tsx": ("tree_sitter_typescript", "language_tsx", _JAVASCRIPT, _braces),
    "go": (
        "tree_sitter_go",
        "language",
        frozenset(("function_declaration", "method_declaration")),
        _braces,
    ),
    "rust": ("tree_sitter_rust", "language", frozenset(("function_item",)), _braces),
    "java": (
        "tree_sitter_java",
        "language",
        frozenset(("method_declaration", "constructor_declaration")),
        _braces,
    ),
    "c": ("tree_sitter_c", "language", _C_STYLE, _braces),
    "cpp": ("tree_sitter_cpp", "language", _C_STYLE, _braces),
    "csharp": (
        "tree_sitter_c_sharp",
        "language",
        frozenset(("method_declaration", "constructor_declaration", "local_function_statement")),
        _braces,
    ),
    "php": (
        "tree_sitter_php",
        "language_php",
        frozenset(("function_definition", "method_declaration")),
        _braces,
    ),
    "kotlin": ("tree_sitter_kotlin", "language", frozenset(("function_declaration",)), _braces),
    "swift": (
        "tree_sitter_swift",
        "language",
        frozenset(("function_declaration", "init_declaration")),
        _braces,
    ),
    "ruby": ("tree_sitter_ruby", "language", frozenset(("method", "singleton_method")), _ruby),
    "bash": ("tree_sitter_bash", "language", _C_STYLE, _shell),
}
LANGUAGES = tuple(_LANGUAGES)
_BODY_NODES = frozenset("function_body block statement_block compound_statement".split())


def without_bodies(source: str, language: str) -> str:
    """*source* with a note in place of each body of several lines.

    It is given back as it is if the grammar of *language* is not installed, if it does not parse
    without errors, or if the result would not.
    """
    known = _LANGUAGES.get(language)
    parser = _parser(language)
    data = source.encode("utf-8", "surrogatepass")
    if known is None or parser is None or len(data) > _MAX_BYTES:
        return source
    root = parser.parse(data).root_node
    if root.has_error:
        return source
    pieces, at = [], 0
    for body in _bodies(root, known[2]):
        first, last = body.start_point[0] + 1, body.end_point[0] + 1
        note = known[3](f"lines {first}-{last} left out")
        pieces += [data[at : body.start_byte], note.encode()]
        at = body.end_byte
    short = b"".join([*pieces, data[at:]])
    if parser.parse(short).root_node.has_error:
        return source
    return short.decode("utf-8", "surrogatepass")


def _bodies(root: tree_sitter.Node, functions: frozenset[str]) -> Iterator[tree_sitter.Node]:
    """The outermost bodies in order; a stack, as generated code nests deeper than calls may."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        body = _body_of(node) if node.type in functions else None
        if body is not None and body.end_point[0] - body.start_point[0] + 1 >= _MIN_LINES:
            yield body
        else:
            waiting += reversed(node.children)


def _body_of(node: tree_sitter.Node) -> tree_sitter.Node | None:
    found = node.child_by_field_name("body")
    if found is None:
        found = next((each for each in node.children if each.type in _BODY_NODES), None)
    if found is not None and node.type not in ("method", "singleton_method"):
        # `= expression` and `=> expression` are no blocks.
        text = found.text or b""
        return found if text[:1] == b"{" and text[-1:] == b"}" else None
    return found


@cache
def _parser(language: str) -> tree_sitter.Parser | None:
    if language not in _LANGUAGES:
        return None
    module, function, _, _ = _LANGUAGES[language]
    try:
        import tree_sitter

        grammar = getattr(import_module(module), function)()
    except ImportError:
        return None
    return tree_sitter.Parser(tree_sitter.Language(grammar))
