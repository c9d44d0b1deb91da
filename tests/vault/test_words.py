"""Words of identifiers, paths and prose."""

from __future__ import annotations

import pytest

from tokenpak.symbols import Symbol
from tokenpak.vault import words


@pytest.mark.parametrize(
    ("identifier", "parts"),
    [
        ("parseHTTPBody2", ("parse", "http", "body")),
        ("quadratic_allocate", ("quadratic", "allocate")),
        ("SHA256", ("sha", "256")),
        ("__init__", ("init",)),
        ("größeÄndern", ("gr", "öß", "ndern")),
        ("x", ()),
    ],
)
def test_identifiers_are_split_at_case_underscores_and_digits(
    identifier: str, parts: tuple[str, ...]
) -> None:
    assert words.parts(identifier) == parts


def test_the_columns_of_a_file_are_as_they_were() -> None:
    # If this has to change, raise words.VERSION: an index holds the words of its time.
    symbols = [Symbol("HTTPServer", "class", 1), Symbol("First steps", "heading", 2)]

    assert words.VERSION == 1
    assert words.columns("src/web/http_server.py", symbols, "Serves the files of a first_try.") == (
        "httpserver",
        "http server first steps",
        "src web http_server http server py",
        "serves files first_try try",
    )


def test_a_word_of_notes_is_left_out_where_it_is_a_name() -> None:
    found = words.columns("a.py", [Symbol("budget", "function", 1)], "Budget of tokens")

    assert found.note == "tokens"


def test_stop_words_and_numbers_are_no_words_of_prose() -> None:
    assert words.plain("The budget of 42 tokens is the sum") == ["budget", "tokens", "sum"]


def test_notes_are_bounded() -> None:
    assert len(words.noted_words(" ".join(f"word{n}x" for n in range(9999)))) < 1_100
