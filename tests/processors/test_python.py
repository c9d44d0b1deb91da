from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest

from tokenpak.processors.python import python_signatures

SOURCE = '''\
import os

LIMIT = 3


@decorated(by=1)
def first(a: int, *, b: str = "x") -> None:
    """What first gives."""
    for each in range(a):
        print(each)
    return None


class Thing:
    """A thing."""

    size: int = 1

    async def run(self):
        def inner():
            return 1

        return inner()

    def short(self): return 2
'''


def test_signatures_stay_with_the_lines_of_what_goes() -> None:
    assert (
        python_signatures(SOURCE)
        == '''\
import os

LIMIT = 3


@decorated(by=1)
def first(a: int, *, b: str = "x") -> None:
    ...  # lines 8-11 left out


class Thing:
    """A thing."""

    size: int = 1

    async def run(self):
        ...  # lines 20-23 left out

    def short(self): return 2
'''
    )


def test_docstrings_stay_on_demand() -> None:
    short = python_signatures(SOURCE, keep_docstrings=True)

    assert '    """What first gives."""\n    ...  # lines 9-11 left out\n' in short


@pytest.mark.parametrize("source", ["def f(:\n  x\n  y\n  z\n", "x = '\0'", "print 'a'\n" * 5])
def test_what_does_not_parse_stays(source: str) -> None:
    assert python_signatures(source) == source


FILES = sorted(Path(sysconfig.get_path("stdlib")).glob("[a-d]*.py"))[:30]


def defined(source: str) -> list[str]:
    """What is defined outside of functions, with its decorators and arguments."""
    found, waiting = [], list(ast.parse(source).body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.ClassDef):
            waiting += node.body
        elif isinstance(node, ast.FunctionDef):
            found.append(node.name + ast.dump(node.args) + str(len(node.decorator_list)))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_standard_library_keeps_every_signature(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    short = python_signatures(source)

    assert defined(short) == defined(source)
