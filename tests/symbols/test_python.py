"""Outlines of Python, beside what the compiler says."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokenpak
from tokenpak.symbols.python import read

SOURCES = sorted(Path(tokenpak.__file__).parent.rglob("*.py"))


def test_kinds_and_lines_are_kept() -> None:
    source = (
        "LIMIT = 3\nalias: int = 4\n\n@cache\nasync def one(a=1): ...\n\nclass Two(object):\n"
        "    def three(self):\n        def four(): ...\n    five = 5\n\ndef six(): ...\n"
    )

    assert [(each.name, each.kind, each.line) for each in read(source).symbols] == [
        ("LIMIT", "constant", 1),
        ("alias", "variable", 2),
        ("one", "function", 5),
        ("Two", "class", 7),
        ("three", "method", 8),
        ("four", "function", 9),
        ("six", "function", 12),
    ]


@pytest.mark.parametrize("path", SOURCES[::3], ids=lambda path: path.name)
def test_finds_every_definition_that_the_compiler_sees(path: Path) -> None:
    source = path.read_text("utf-8")
    seen = {
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }

    found = {s.name for s in read(source).symbols if s.kind in ("class", "function", "method")}

    assert found == seen


def test_code_in_a_string_defines_nothing() -> None:
    source = 'TEXT = """\ndef no(): ...\n"""\ndef yes(): ...\n'

    assert [(s.name, s.line) for s in read(source).symbols] == [("TEXT", 1), ("yes", 4)]


def test_the_first_paragraph_of_a_docstring_is_noted_and_other_strings_are_not() -> None:
    source = 'def f():\n    r"""Adds numbers.\n\n    Slowly."""\n    x = """secret text"""\n'

    assert read(source).notes == "Adds numbers."


def test_quotes_that_do_not_pair_up_hide_no_definition() -> None:
    assert [s.name for s in read('# a """ b\ndef f(): ...\n').symbols] == ["f"]


@given(st.text(alphabet="\"'\\\n def:x"))
def test_survives_any_text(text: str) -> None:
    lines = [each.line for each in read(text).symbols]

    assert lines == sorted(lines)
    assert all(1 <= each <= text.count("\n") + 1 for each in lines)
