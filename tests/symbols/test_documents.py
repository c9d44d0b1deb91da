"""Headings and keys."""

from __future__ import annotations

import pytest

from tokenpak.symbols import documents
from tokenpak.symbols.symbol import Symbol


def test_headings_of_markdown_are_found_outside_of_fences() -> None:
    text = "# One #\ntext\n```sh\n# no heading\n```\nTwo\n===\n### Three\n"

    assert documents.markdown(text).symbols == [
        Symbol("One", "heading", 1),
        Symbol("Two", "heading", 6),
        Symbol("Three", "heading", 8),
    ]


def test_the_prose_of_markdown_is_noted_and_its_code_is_not() -> None:
    notes = documents.markdown("prose\n\n~~~\ncode\n~~~\n").notes

    assert "prose" in notes
    assert "code" not in notes


def test_underlined_titles_of_restructured_text_are_found() -> None:
    found = documents.restructured("Title\n=====\n\ntext\n\nPart\n----\n").symbols

    assert found == [Symbol("Title", "heading", 1), Symbol("Part", "heading", 6)]


def test_titles_and_ids_of_a_page_are_found_and_scripts_are_not_noted() -> None:
    found = documents.html(
        "<title>Home</title>\n<h1><b>Hello</b></h1><p id='x'>text\n<script>no()</script>"
    )

    assert found.symbols == [
        Symbol("Home", "heading", 1),
        Symbol("Hello", "heading", 2),
        Symbol("x", "anchor", 2),
    ]
    assert "text" in found.notes
    assert "no()" not in found.notes


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("yaml", "a: 1\nb:\n  c: secret\na: 2\n", [("a", 1), ("b", 2), ("c", 3)]),
        ("json", '{\n"a": {"b": "secret"}}', [("a", 2), ("b", 2)]),
        ("toml", "[tool.x]\na = 'secret'\n", [("tool.x", 1), ("a", 2)]),
    ],
)
def test_keys_are_found_where_they_stand_first_and_values_never(
    language: str, text: str, found: list[tuple[str, int]]
) -> None:
    outline = documents.keys(text, language)

    assert outline.symbols == [Symbol(name, "key", line) for name, line in found]
    assert outline.notes == ""
