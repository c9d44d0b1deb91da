from __future__ import annotations

from pathlib import Path

import pytest

import tokenpak
from tokenpak.engines.guess import guess_language

CODE = {
    "python": "import os\n\n\ndef f(a):\n    self.x = 1\n    if a:\n        pass\n    elif b:\n        x\n",  # noqa: E501
    "javascript": "const x = 1;\nfunction f(a) {\n  let y = 2;\n}\nmodule.exports = f;\n",
    "go": "package main\n\nfunc main() {\n\tx := 1\n\tif err != nil {\n\t}\n}\n",
    "java": "package a.b;\nimport a.b.C;\npublic class A {\n  private int x;\n}\n",
    "rust": "use a::b;\npub fn f(x: u8) {\n    let y = 1;\n}\n",
    "c": "#include <a.h>\n#define X 1\nint main(void) {\n}\n",
    "bash": "set -eu\nfor x in a b; do\n  echo $x\ndone\n",
    "sql": "SELECT a\nFROM b\nWHERE c = 1\nORDER BY d\n",
}
PAGES = sorted((Path(tokenpak.__file__).parents[2] / "docs").glob("*.md"))


@pytest.mark.parametrize("language", CODE)
def test_code_is_known_by_its_lines(language: str) -> None:
    assert guess_language(CODE[language]) == language


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("#!/usr/bin/env python3", "python"),
        ("#!/bin/sh -e", "bash"),
        ("#!/usr/bin/node", "javascript"),
    ],
)
def test_a_shebang_is_enough(line: str, language: str) -> None:
    assert guess_language(f"{line}\nx\n") == language


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_of_prose_is_no_code(page: Path) -> None:
    assert guess_language(page.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize(
    "text",
    ["", "Just a sentence.", '{"import a": 1}', "# Title\n\nimport of goods\n", "<html></html>"],
)
def test_other_text_is_no_code(text: str) -> None:
    assert guess_language(text) is None


def test_hashes_are_no_comments_where_lines_end_in_braces() -> None:
    code = "import a\nimport b\nimport c\nclass X {\n  #x = 1;\n  y() {\n  }\n}\n" * 3

    assert guess_language(code) not in ("python", "ruby")
