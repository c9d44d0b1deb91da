"""One outline for every type of file."""

from __future__ import annotations

import pytest

from tokenpak.symbols import grammars, outline


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("python", "def f(): ...\n", "f"),
        ("go", "func f() {}\n", "f"),
        ("markdown", "# f\n", "f"),
        ("restructuredtext", "ff\n===\n", "ff"),
        ("html", "<h1>f</h1>", "f"),
        ("yaml", "f: 1\n", "f"),
        ("typescript", "const f = () => 1;\n", "f"),
    ],
)
def test_every_type_has_its_reader(language: str, text: str, name: str) -> None:
    assert name in [each.name for each in outline(text, language).symbols]


def test_an_unknown_type_has_an_empty_outline() -> None:
    assert outline("def f(): ...", "other") == ([], "")


def test_patterns_stand_in_where_no_grammar_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammars, "read", lambda text, language: None)

    assert [s.name for s in outline("class Box {}\n", "java").symbols] == ["Box"]


def test_fast_outlines_ask_no_grammar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammars, "read", lambda text, language: pytest.fail("asked"))

    assert [s.name for s in outline("class Box {}\n", "java", exact=False).symbols] == ["Box"]
