"""What a query asks for."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tokenpak._sqlite import migrate
from tokenpak.vault.query import understood
from tokenpak.vault.schema import MIGRATIONS
from tokenpak.vault.spelling import Vocabulary


@pytest.fixture
def vocabulary() -> Vocabulary:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, MIGRATIONS, Path(":memory:"))
    for number, noted in enumerate(["count_tokens count tokens", "self budget", "budget"]):
        connection.execute("INSERT INTO terms (rowid, note) VALUES (?, ?)", (number + 1, noted))
    return Vocabulary(connection)


@pytest.mark.parametrize(
    ("text", "terms", "named"),
    [
        ("budget", ["budget"], ["budget"]),
        ("how is the budget counted", ["budget"], []),
        ("count tokens", ["count", "tokens"], ["count_tokens"]),
        ("countTokens", ["count_tokens", "count", "tokens"], ["count_tokens"]),
        ("count_tokens of", ["count_tokens", "count", "tokens"], ["count_tokens"]),
        ("budgte", ["budget"], ["budget"]),
        ("budg", ["budg*"], ["budg*"]),
        ("self.budget", ["self", "budget"], []),
        ("self budget", ["budget"], []),
        ("", [], []),
    ],
)  # fmt: skip
def test_words_and_names_are_taken_as_the_index_spells_them(
    vocabulary: Vocabulary, text: str, terms: list[str], named: list[str]
) -> None:
    query = understood(text, vocabulary)

    assert (sorted(query.terms), sorted(query.named)) == (sorted(terms), sorted(named))


def test_the_rarer_a_word_the_more_it_weighs(vocabulary: Vocabulary) -> None:
    query = understood("where are tokens in the Budget, unheard", vocabulary)

    assert query.told == ["tokens", "budget", "unheard"]
    assert query.weights["tokens"] > query.weights["budget"] > 0
    assert "unheard" not in query.weights
    assert query.words == {"tokens", "budget", "unheard"}
