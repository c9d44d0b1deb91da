from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest

from tests.processors import sources
from tokenpak.processors import Processor, get_processor
from tokenpak.processors.code import LANGUAGES, signatures
from tokenpak.tokens import count

PYTHON = '''\
"""What the module is for."""
import os


@decorated(by=1)
def first(a: int, *, b: str = "x") -> None:
    """What first gives."""
    for each in range(a):
        print(each, "and so on and so on")
    return None


class Thing:
    """A thing."""

    size: int = 1  # of it

    async def run(self):
        def inner():
            return "and so on and so on"

        return inner()

    def short(self): return 2
'''
SHORT = """\
import os


@decorated(by=1)
def first(a: int, *, b: str = "x") -> None:
    ...  # lines 7-10 left out


class Thing:
    ...

    size: int = 1

    async def run(self):
        ...  # lines 19-22 left out

    def short(self): return 2
"""


@pytest.mark.parametrize(
    ("type", "path"),
    [("code", "src/a.py"), ("code", "src.x\\a.py"), ("python", ""), ("py", "x.txt")],
)
def test_the_language_is_told_by_type_or_path(type: str, path: str) -> None:
    processor = get_processor(type)

    assert processor is not None
    assert processor.process(PYTHON, path) == SHORT


def test_documentation_stays_on_demand() -> None:
    short = signatures(PYTHON, "python", docstrings=True)

    assert '    """What first gives."""\n    ...  # lines 8-10 left out\n' in short
    assert short.startswith('"""What the module is for."""\n')
    assert '    """A thing."""\n' in short


@pytest.mark.parametrize("path", ["", "a.unknown", "noending"])
def test_code_of_no_known_language_stays(path: str) -> None:
    assert Processor("code").process(PYTHON, path) == PYTHON


@pytest.mark.parametrize("code", ["function f( {\n1\n2\n3\n}", "int x;", "{" * 5000, "()" * 900])
def test_what_cannot_be_read_stays(code: str) -> None:
    assert signatures(code, "javascript") == code


def test_sql_keeps_tables_and_leaves_out_quoted_bodies() -> None:
    code = "CREATE FUNCTION f() AS $a$\n  SELECT 'a long line of it';\n  SELECT 2;\n$a$;\n"

    assert signatures(code, "sql") == "CREATE FUNCTION f() AS $a$ /* lines 1-4 left out */ $a$;\n"
    assert "id bigint PRIMARY KEY" in signatures(sources.source("sql") + code, "sql")


@pytest.mark.parametrize("docstrings", [False, True])
@pytest.mark.parametrize("language", [each for each in sources.FILES if each != "sql"])
def test_real_sources_parse_and_define_the_same(language: str, docstrings: bool) -> None:
    source = sources.source(language)
    short = signatures(source, language, docstrings=docstrings)

    assert count(short) < count(source) * 0.9
    assert sources.errors(short, language) <= sources.errors(source, language)
    # Bodies of C hold what looks like declarators where its grammar errs in a macro.
    if language not in ("c", "cpp"):
        assert sources.defined(short, language) == sources.defined(source, language)


def test_every_language_of_the_promise_is_known() -> None:
    promised = {*sources.FILES, "python"}

    assert promised <= set(LANGUAGES)


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

    assert defined(signatures(source, "python")) == defined(source)
