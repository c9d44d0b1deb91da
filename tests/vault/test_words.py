"""Words of identifiers, paths and prose."""

from __future__ import annotations

from tokenpak.symbols import Symbol
from tokenpak.vault import words


def test_the_columns_of_a_file_are_as_they_were() -> None:
    # If this has to change, raise words.VERSION: an index holds the words of its time.
    symbols = [Symbol("HTTPServer", "class", 1), Symbol("First steps", "heading", 2)]

    assert words.VERSION == 2
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
    assert words.noted_words("The budget of 42 tokens is the sum") == ["budget", "tokens", "sum"]


def test_notes_are_bounded() -> None:
    assert len(words.noted_words(" ".join(f"word{n}x" for n in range(9999)))) < 1_100
