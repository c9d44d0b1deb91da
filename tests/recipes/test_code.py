from __future__ import annotations

import ast
from pathlib import Path

from tokenpak.recipes import code
from tokenpak.recipes.directive import Hints

SOURCE = '''"""A module."""
import os


def area(width: int, height: int) -> int:
    """The area."""
    if width < 0:
        raise ValueError(width)
    result = width * height
    return result


class Box:
    size = 3

    def grow(self, by: int) -> None:
        self.size += by
        self.size += by
        print(self.size)
'''
PYTHON = Hints(language="py")


def test_signatures_stay_and_the_result_parses() -> None:
    shown = code.SignatureOnly(type="code").run(SOURCE, PYTHON)

    ast.parse(shown)
    assert "def area(width: int, height: int) -> int:" in shown and "size = 3" in shown
    assert "result = width * height" not in shown and "left out" in shown


def test_docstrings_stay_on_demand() -> None:
    kept = code.SignatureOnly(type="code", preserve_docstrings=True).run(SOURCE, PYTHON)
    gone = code.SignatureOnly(type="code").run(SOURCE, PYTHON)

    assert '"""The area."""' in kept and '"""The area."""' not in gone


def test_numbers_in_front_of_lines_stay_those_of_the_file() -> None:
    text = "\n".join(f"{i:6}→{line}" for i, line in enumerate(SOURCE.split("\n")[:-1], 101))

    shown = code.SignatureOnly(type="code").run(text, Hints(path="a/box.py")).split("\n")

    originals = set(text.split("\n"))
    notes = [line for line in shown if line not in originals]
    assert "   105→def area(width: int, height: int) -> int:" in shown
    assert "   114→    size = 3" in shown
    assert [note for note in notes if "lines 107-110 left out" in note] != []
    assert [note for note in notes if "lines 117-119 left out" in note] != []


def test_code_of_no_known_language_stays() -> None:
    assert (
        code.SignatureOnly(type="code").run("x y z\n" * 20, Hints(language="zig")) == "x y z\n" * 20
    )


def test_drop_comments_leaves_strings_alone() -> None:
    shown = code.DropComments(type="code").run('x = "# no"  # yes\n# whole line\ny = 2\n', PYTHON)

    assert shown == 'x = "# no"\ny = 2\n'


def test_of_a_real_file_every_signature_survives() -> None:
    source = Path(code.__file__).read_text("utf-8")

    shown = code.SignatureOnly(type="code", preserve_docstrings=True).run(source, PYTHON)

    names = [node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    kept = [node.name for node in ast.walk(ast.parse(shown)) if isinstance(node, ast.FunctionDef)]
    assert kept == names and len(shown) < len(source)
