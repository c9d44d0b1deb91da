"""Python without the bodies of its functions, by the standard library's own parser."""

from __future__ import annotations

import ast
import io
import warnings
from collections.abc import Iterator

_MIN_LINES = 3
"""A body of fewer lines is no longer than the note in its place."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_signatures(source: str, *, keep_docstrings: bool = False) -> str:
    """*source* with `...` and a note for each body; what does not parse is given back as it is."""
    try:
        tree = _parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
    # As the parser counts lines: form feeds end none.
    lines = list(io.StringIO(source, newline=""))
    for first, last in sorted(_cuts(tree, lines, keep_docstrings), reverse=True):
        start = lines[first - 1]
        indent = start[: len(start) - len(start.lstrip(" \t"))]
        lines[first - 1 : last] = [f"{indent}...  # lines {first}-{last} left out\n"]
    short = "".join(lines)
    try:
        _parsed(short)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
    return short


def _parsed(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the code that is read, such as invalid escapes
        return ast.parse(source)


def _cuts(node: ast.AST, lines: list[str], keep_docstrings: bool) -> Iterator[tuple[int, int]]:
    """First and last line of what goes; functions inside of functions go with them."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Function):
            cut = _body(child, lines, keep_docstrings)
            if cut:
                yield cut
        else:
            yield from _cuts(child, lines, keep_docstrings)


def _body(node: _Function, lines: list[str], keep_docstrings: bool) -> tuple[int, int] | None:
    body = node.body
    if keep_docstrings and ast.get_docstring(node, clean=False) is not None:
        body = body[1:]
    if not body:
        return None
    first = _first_line(body[0])
    last = node.end_lineno or first
    # A body that begins behind the colon, or behind the docstring and a semicolon.
    begins = lines[first - 1].encode()[: _column(body[0], first)].strip()
    return (first, last) if last - first + 1 >= _MIN_LINES and not begins else None


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)])


def _column(statement: ast.stmt, first: int) -> int:
    return statement.col_offset if statement.lineno == first else 0
