from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.words import parts, symbols, whole, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain words", ["plain", "words"]),
        ("parseRequest", ["parserequest", "parse", "request"]),
        ("HTTPServer2", ["httpserver2", "http", "server"]),
        ("max_tokens", ["maxtokens", "max", "tokens"]),
        ("__init__", ["init"]),
        ("Größe naïve", ["größe", "naïve"]),
        ("src/a-b.py", ["src", "a", "b", "py"]),
        ("!?", []),
    ],
)
def test_identifiers_are_split_and_kept_whole(text: str, expected: list[str]) -> None:
    assert list(words(text)) == expected


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("parseHTTPBody2", ("parse", "http", "body")),
        ("quadratic_allocate", ("quadratic", "allocate")),
        ("SHA256", ("sha", "256")),
        ("__init__", ("init",)),
        ("größe_ändern", ("größe", "ändern")),
        ("x", ()),
    ],
)
def test_identifiers_are_split_at_case_underscores_and_digits(
    identifier: str, expected: tuple[str, ...]
) -> None:
    assert parts(identifier) == expected


@given(st.text())
def test_parts_stand_in_the_whole(text: str) -> None:
    assert all(part in whole(text) for part in parts(text))


@given(st.text())
def test_words_are_what_a_query_may_quote(text: str) -> None:
    assert all(word and '"' not in word and not word.isspace() for word in words(text))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("def run(self):", "run"),
        ("    async def fetch():", "fetch"),
        ("export default class App {", "App"),
        ("func (s *Server) Serve() {", "Serve"),
        ("pub(crate) fn main() {", "main"),
        ("interface Shape {", "Shape"),
        ("## Token counts", "Token counts"),
        ("CREATE TABLE users (", "users"),
    ],
)
def test_names_that_are_defined_are_symbols(line: str, name: str) -> None:
    assert list(symbols(f"x = 1\n{line}\n")) == [name]
