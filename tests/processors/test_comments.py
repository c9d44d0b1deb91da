from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.processors import sources
from tokenpak.processors.comments import tidy_code
from tokenpak.processors.syntax import commented

# Language, code with a comment, code without. "GONE" is what must go.
CODE = [
    ("python", "x = 1  # GONE\n# GONE\ny = 2\n", "x = 1\ny = 2\n"),
    ("python", "x = f'{y['# a']}'  # GONE\n", "x = f'{y['# a']}'\n"),
    ("kotlin", "/* GONE /* GONE */ GONE */\nval x = 1\n", "val x = 1\n"),
    ("javascript", "let x = 1; // GONE\n/* GONE\n GONE */\ny()\n", "let x = 1;\ny()\n"),
    ("typescript", "const x: T = a /* GONE */ + b\n", "const x: T = a   + b\n"),
    ("jsx", "// GONE\n<p>a // b</p>\n", "<p>a // b</p>\n"),
    ("tsx", "  // GONE\nlet x\n", "let x\n"),
    ("java", "int x; // GONE\n", "int x;\n"),
    ("kotlin", "val x = 1 // GONE\n", "val x = 1\n"),
    ("swift", 'let x = #"a // b"# // GONE\n', 'let x = #"a // b"#\n'),
    ("scala", "/* GONE */\nval x = 1\n", "val x = 1\n"),
    ("dart", "var x = '''\n// a\n'''; // GONE\n", "var x = '''\n// a\n''';\n"),
    ("csharp", 'var x = @"c:\\"; // GONE\n', 'var x = @"c:\\";\n'),
    ("c", "#include <a//b>\nint x; // GONE \\\n GONE\nint y;\n", "#include <a//b>\nint x;\nint y;\n"),  # noqa: E501
    ("cpp", 'auto x = R"(// a)"; // GONE\n', 'auto x = R"(// a)";\n'),
    ("go", "x := `// a` // GONE\n", "x := `// a`\n"),
    ("rust", "fn f<'a>(x: &'a str) {} // GONE\n", "fn f<'a>(x: &'a str) {}\n"),
    ("php", "<?php\n# GONE\n// GONE\n#[Pure]\n$x = 1;\n", "<?php\n#[Pure]\n$x = 1;\n"),
    ("ruby", 'x = "#{y}"\n# GONE\nputs x\n', 'x = "#{y}"\nputs x\n'),
    ("bash", "echo $# ${x#y} a#b\n# GONE\n", "echo $# ${x#y} a#b\n"),
    ("sql", "SELECT '--' -- GONE\n/* GONE */\nFROM t;\n", "SELECT '--'\nFROM t;\n"),
    ("lua", "x = [[-- a]] -- GONE\n--[[ GONE\nGONE ]]\n", "x = [[-- a]]\n"),
    ("haskell", "x = 1 -- GONE\ny = a --> b\n", "x = 1\ny = a --> b\n"),
    ("css", "a { background: url(http://x/y) } /* GONE */\n", "a { background: url(http://x/y) }\n"),  # noqa: E501
    ("scss", "a { b: url(//x/y); } // GONE\n", "a { b: url(//x/y); }\n"),
    ("html", "<p>a</p>\n<!-- GONE -->\n<p>b</p>\n", "<p>a</p>\n<p>b</p>\n"),
    ("xml", "<a><![CDATA[<!-- a -->]]></a>\n<!-- GONE -->\n", "<a><![CDATA[<!-- a -->]]></a>\n"),
    ("toml", "x = '#' # GONE\n", "x = '#'\n"),
    ("ini", "; GONE\n# GONE\nx = 1 ; a\n", "x = 1 ; a\n"),
    ("r", "x <- '#' # GONE\n", "x <- '#'\n"),
    ("dockerfile", "# GONE\nRUN echo a # b\n", "RUN echo a # b\n"),
    ("makefile", "# GONE \\\n GONE\nall:\n\techo # a\n", "all:\n\techo # a\n"),
]  # fmt: skip

# What looks like a comment and is none, or is one that something reads.
KEPT = [
    ("python", 'x = "http://a#b"\n'),
    ("python", 'x = """\n# a   \n\n\n\n"""\n'),
    ("python", "#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n"),
    ("python", "x = f\"{y:{'#'}}\"\n"),
    ("python", "x = r'\\'#'\n"),
    ("python", 'def f():\n    """\n    >>> f()  # doctest\n    """\n'),
    ("python", "# >>> f()  an example\n"),
    ("python", "x = []  # type: list[int]\n"),
    ("javascript", "let x = 'http://a'; let y = /[/]/* 2 */\n/1\n"),
    ("javascript", "x = `a // b ${ y ? `// c` : '' } // d`\n"),
    ("javascript", "x.replace(/\\/\\/'/g, '')\n"),
    ("javascript", "// @ts-check\n/** Doc of f. */\n/*! license */\n//# sourceMappingURL=a\n"),
    ("javascript", "fetch(http://a/b)\n"),
    ("typescript", '/// <reference types="node" />\n'),
    ("go", "//go:build linux\n\npackage a\n"),
    ("go", '// #include <stdio.h>\nimport "C"\n'),
    ("rust", "/// let x = 1;\n//! crate\nlet s = r#\"// a \" b\"#;\n"),
    ("ruby", "# frozen_string_literal: true\nx = <<~A\n# a\nA\n"),
    ("bash", "#!/bin/sh\ncat <<EOF\n# a\n\n\n\nEOF\n"),
    ("bash", "x='\n# a\n'\n"),
    ("sql", "SELECT /*+ INDEX(a) */ $$ -- a $$;\n"),
    ("php", "<?php $x = 1; ?>\n<p>\n# a\n</p>\n"),
    ("html", "<script>\n<!-- a -->\n</script>\n"),
    ("html", "<!--[if IE]><p>a</p><![endif]-->\n"),
    ("dockerfile", "# syntax=docker/dockerfile:1\nFROM a\n"),
    ("haskell", "{-# LANGUAGE GADTs #-}\n"),
    ("brainfuck", "# a // b\n"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "code", "expected"), CODE)
def test_comments_go_and_nothing_else(language: str, code: str, expected: str) -> None:
    assert tidy_code(code, language) == expected
    assert "GONE" not in expected


def test_every_language_has_a_sample() -> None:
    assert {language for language, _, _ in CODE} == set(commented())
    assert len(commented()) >= 15


@pytest.mark.parametrize(("language", "code"), KEPT)
def test_what_is_read_stays(language: str, code: str) -> None:
    assert tidy_code(code, language) == code


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("python", "# type: ignore[arg-type]"),
        ("python", "# pylint: disable=invalid-name"),
        ("python", "# noqa: E501"),
        ("javascript", "// eslint-disable-next-line"),
        ("typescript", "// @ts-ignore"),
        ("go", "//nolint:errcheck"),
    ],
)
def test_notes_for_linters_go_also_where_comments_stay(language: str, note: str) -> None:
    code = f"x = 1  {note}\n{note}\ny = 2\n"

    assert tidy_code(code, language, comments=False) == "x = 1\ny = 2\n"
    assert tidy_code(code, language, comments=False, boilerplate=False) == code


def test_idle_whitespace_goes_outside_of_strings() -> None:
    code = 'def f():   \n\n\n\n    x = """\n  a  \n\n\n\n"""   \n'

    assert tidy_code(code, "python") == 'def f():\n\n    x = """\n  a  \n\n\n\n"""\n'
    assert tidy_code(code, "python", whitespace=False) == code


FILES = sorted(Path(sysconfig.get_path("stdlib")).glob("[a-h]*.py"))[:60]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_standard_library_says_the_same_without_comments(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    short = tidy_code(source, "python")

    assert ast.dump(ast.parse(short)) == ast.dump(ast.parse(source))
    assert len(short) <= len(source)


PIECES = [
    '"',
    "'",
    "`",
    "#",
    "//",
    "/*",
    "*/",
    "\\",
    "\n",
    " ",
    "x",
    "--",
    "{",
    "}",
    '"""',
    "$",
    "f",
]


@pytest.mark.parametrize("language", commented())
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_text_grows_or_fails(language: str, pieces: list[str]) -> None:
    text = "".join(pieces)

    assert len(tidy_code(text, language)) <= len(text)


@pytest.mark.parametrize("language", sources.FILES)
def test_real_sources_say_the_same_without_comments(language: str) -> None:
    source = sources.source(language)
    short = tidy_code(source, language, whitespace=False)

    assert len(short) <= len(source)
    assert sources.leaves(short, language) == sources.leaves(source, language)


def test_what_has_no_end_keeps_all_comments() -> None:
    code = "let a = 1; // kept\nlet b = `\n"

    assert tidy_code(code, "js", whitespace=False) == code


# Literals that hold what looks like a comment, by language.
LITERALS = {
    "javascript": ['"// a"', "'/* a'", "`// ${b /* c */}`", "/[/*]'/g", '"\\"// a"'],
    "java": ['"// a"', "'\\''", '"""\n// a " b\n"""'],
    "kotlin": ['"// a"', '"${f("// a")}"', '"""\n/* a\n"""', "'\"'"],
    "swift": ['"// a"', '"\\(f("/* a"))"', '#"// a " b"#', '"""\n// a\n"""'],
    "csharp": ['"// a"', '@"// a\\"', '$"{f("// a")}"', "'\"'", '"""// a " b"""'],
    "c": ['"// a"', "'\"'", '"\\\\"'],
    "cpp": ['"/* a"', 'R"x(// ")x"', "1'000'000", "u8'\"'"],
    "go": ["`// a\n/*`", '"// a"', "'\"'"],
    "rust": ['"// a\n// b"', 'r#"// " a"#', "b'\"'", "&'a x"],
    "python": ['"# a"', "f\"{'#'}\"", "'''\n# a\n'''", "r'\\'", 'f"{x:#x}"'],
    "ruby": ['"# a"', '"#{f("# a")}"', "%w[# a]", "/# '/", "'# a'"],
    "bash": ['"# a"', '"$(f "# a")"', "'\n# a\n'", "$#", "${x#a}"],
    "sql": ["'-- a'", "'it''s -- a'", "$a$ -- b $a$", '"-- a"'],
}


@pytest.mark.parametrize("language", LITERALS)
@given(data=st.data())
def test_comments_go_from_between_any_literals(language: str, data: st.DataObject) -> None:
    sign = {"python": "#", "ruby": "#", "bash": "#", "sql": "--"}.get(language, "//")
    statements = data.draw(st.lists(st.sampled_from(LITERALS[language]), max_size=8))
    code = "".join(f"x = {each} ;\n{sign} GONE ' \" ` /* {{\n" for each in statements)

    assert tidy_code(code, language, whitespace=False) == "".join(
        f"x = {each} ;\n" for each in statements
    )
