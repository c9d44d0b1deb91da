"""What the index knows of words."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tokenpak._sqlite import migrate
from tokenpak.vault.schema import MIGRATIONS
from tokenpak.vault.spelling import Vocabulary


@pytest.fixture
def connection() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, MIGRATIONS, Path(":memory:"))
    for number in range(200):
        words = (
            "common allocate" + (" budget" if number < 3 else "") + (" rare" if number < 1 else "")
        )
        connection.execute("INSERT INTO terms (rowid, note) VALUES (?, ?)", (number + 1, words))
    return connection


@pytest.fixture
def vocabulary(connection: sqlite3.Connection) -> Vocabulary:
    return Vocabulary(connection)


@pytest.mark.parametrize(
    ("word", "found"),
    [("budget", ["budget"]), ("budg", ["budg*"]), ("bu", []), ("bidget", [])],
)
def test_a_word_is_taken_as_it_is_or_as_a_beginning(
    vocabulary: Vocabulary, word: str, found: list[str]
) -> None:
    assert vocabulary.spelled(word) == found


@pytest.mark.parametrize(
    "word", ["alocate", "alllocate", "allocste", "alloctae", "lalocate", "allocat", "xllocate"]
)
def test_one_slip_anywhere_is_forgiven(vocabulary: Vocabulary, word: str) -> None:
    assert vocabulary.corrected(word) == ["allocate"]


@pytest.mark.parametrize("word", ["alloc", "alocat", "rar", "x" * 90])
def test_two_slips_and_short_words_are_not(vocabulary: Vocabulary, word: str) -> None:
    assert vocabulary.corrected(word) == []


def test_frequencies_count_files(vocabulary: Vocabulary) -> None:
    assert [vocabulary.frequency(each) for each in ("common", "budget", "none")] == [200, 3, 0]


def test_a_beginning_is_as_frequent_as_its_words(vocabulary: Vocabulary) -> None:
    assert vocabulary.frequency("bud*") == 3
    assert vocabulary.telling(["rare", "co*"], 9) == ["rare"]


def test_a_slip_behind_a_frequent_beginning_is_forgiven(
    vocabulary: Vocabulary, connection: sqlite3.Connection
) -> None:
    names = " ".join(f"test_{number:05}" for number in range(2000))
    connection.execute(
        "INSERT INTO terms (rowid, note) VALUES (999, ?)", (f"{names} test_zip_axis",)
    )

    assert vocabulary.corrected("test_zip_axsi") == ["test_zip_axis"]
    assert vocabulary.corrected("tset_zip_axis") == ["test_zip_axis"]


def test_common_words_are_left_out_where_rarer_ones_tell(vocabulary: Vocabulary) -> None:
    assert vocabulary.telling(["common", "budget", "rare"], 9) == ["rare", "budget"]
    assert vocabulary.telling(["common"], 9) == ["common"]
    assert vocabulary.telling(["budget", "rare"], 1) == ["rare"]
