from __future__ import annotations

import pytest

from tokenpak.processors import bodies
from tokenpak.processors.bodies import LANGUAGES, without_bodies

BODY = "{\n  a = 1;\n  b = 2;\n}"
NOTE = "{ /* lines 1-4 left out */ }"
# Language, what stands before the body, after it.
CODE = {
    "javascript": ("function f(x) ", "\n"),
    "jsx": ("const f = (x) => ", ";\n"),
    "typescript": ("function f(x: number): void ", "\n"),
    "tsx": ("class A { run(): void ", " }\n"),
    "go": ("package p; func f(x int) ", "\n"),
    "rust": ("fn f(x: u8) ", "\n"),
    "java": ("class A { void f(int x) ", " }\n"),
    "c": ("int f(int x) ", "\n"),
    "cpp": ("class A { int f(int x) ", " };\n"),
    "csharp": ("class A { void F(int x) ", " }\n"),
    "php": ("<?php function f($x) ", "\n"),
    "kotlin": ("fun f(x: Int) ", "\n"),
    "swift": ("func f(x: Int) ", "\n"),
}
OTHERS = {
    "ruby": (
        "def f(x)\n  a = 1\n  b = 2\n  c = 3\nend\n",
        "def f(x)\n  # lines 2-4 left out\nend\n",
    ),
    "bash": ("f() {\n  echo 1\n  echo 2\n}\n", "f() { :; } # lines 1-4 left out\n"),
}


def body_in(language: str) -> str:
    statements = {"go": ("a := 1", "b := 2"), "rust": ("let a = 1;", "let b = 2;"),
                  "php": ("$a = 1;", "$b = 2;"), "java": ("int a = 1;", "int b = 2;"),
                  "csharp": ("int a = 1;", "int b = 2;"), "kotlin": ("val a = 1", "val b = 2"),
                  "swift": ("let a = 1", "let b = 2")}  # fmt: skip
    first, second = statements.get(language, ("a = 1;", "b = 2;"))
    return f"{{\n  {first}\n  {second}\n}}"


def available(language: str) -> None:
    if bodies._parser(language) is None:
        pytest.skip(f"the grammar of {language} is not installed")


@pytest.mark.parametrize("language", CODE)
def test_a_body_makes_room_for_its_lines(language: str) -> None:
    available(language)
    before, after = CODE[language]

    assert without_bodies(before + body_in(language) + after, language) == before + NOTE + after


@pytest.mark.parametrize("language", OTHERS)
def test_languages_without_braces_keep_their_form(language: str) -> None:
    available(language)
    code, short = OTHERS[language]

    assert without_bodies(code, language) == short


def test_every_language_has_a_sample() -> None:
    assert {*CODE, *OTHERS} == set(LANGUAGES)


@pytest.mark.parametrize("code", ["function f( {\n1\n2\n3\n}", "int x;"])
def test_what_does_not_parse_stays(code: str) -> None:
    available("javascript")

    assert without_bodies(code, "javascript") == code


def test_without_its_grammar_code_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_parser", lambda language: None)

    assert without_bodies("function f() " + BODY, "javascript") == "function f() " + BODY
    assert without_bodies(BODY, "nosuch") == BODY
