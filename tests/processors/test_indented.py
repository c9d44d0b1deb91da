from __future__ import annotations

import pytest

from tokenpak.processors.code import signatures
from tokenpak.processors.indented import LANGUAGES

BODY = "  call_of_a_thing 1\n\n  call_of_a_thing 2\n  call_of_a_thing 3\n"
CODE = {
    "python": (f"def f(\n    a,\n):\n{BODY}x = 1\n", "def f(\n    a,\n):\n  ...  # {}\nx = 1\n", 4),
    "ruby": (f"def f(a)\n{BODY}end\n", "def f(a)\n  # {}\nend\n", 2),
    "lua": (f"local function f(a)\n{BODY}end\n", "local function f(a)\n  -- {}\nend\n", 2),
    "bash": (f"f() {{\n{BODY}}}\nf\n", "f() {\n  : # {}\n}\nf\n", 2),
    "sql": (f"BEGIN\n{BODY}END;\n", "BEGIN\n  -- {}\nEND;\n", 2),
}


@pytest.mark.parametrize("language", CODE)
def test_a_body_makes_room_for_its_lines(language: str) -> None:
    code, short, first = CODE[language]

    assert signatures(code, language) == short.replace("{}", f"lines {first}-{first + 3} left out")


def test_every_language_has_a_sample() -> None:
    assert set(CODE) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("python", f"x = '''\ndef f():\n{BODY}'''\n"),
        ("python", f"def f(:\n{BODY}"),
        ("python", f"def f()\n{BODY}"),
        ("python", "def f(): return 1\n"),
        ("ruby", f"def f\n{BODY}x\n"),
        ("ruby", f"x = <<~A\ndef f\n{BODY}end\nA\n"),
        ("bash", f"cat <<A\nf() {{\n{BODY}}}\nA\n"),
        ("sql", f"BEGIN;\n{BODY}COMMIT;\n"),
    ],
)
def test_what_is_no_function_or_has_no_end_stays(language: str, code: str) -> None:
    assert signatures(code, language) == code


def test_lines_of_strings_and_comments_end_no_body() -> None:
    code = f"def f():\n{BODY}  x = '''\nat the margin\n'''\n# a comment\n  y = 1\nz = 1\n"

    assert signatures(code, "python") == "def f():\n  ...  # lines 2-10 left out\nz = 1\n"
