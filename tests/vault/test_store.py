"""Changes to the index, one by one, over random histories."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokenpak._sqlite import migrate
from tokenpak.symbols import Symbol
from tokenpak.vault import words
from tokenpak.vault.packed import pack
from tokenpak.vault.parsing import Parsed
from tokenpak.vault.schema import MIGRATIONS, check
from tokenpak.vault.store import Store, add_root, remove_root, roots
from tokenpak.vault.walk import Stamp

STAMP = Stamp(1, 2, 3, 4)
PATHS = st.sampled_from(["a.py", "src/deep_box.py", "src/B.md", "ü/x.py"])
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "move", "remove", "touch"]), PATHS, PATHS, st.lists(NAMES)),
    max_size=12,
)


@pytest.fixture
def connection() -> sqlite3.Connection:
    return opened()


def opened() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, MIGRATIONS, Path(":memory:"))
    return connection


def parsed(path: str, names: list[str]) -> Parsed:
    symbols = [Symbol(name, "function", place + 1) for place, name in enumerate(names)]
    found = words.columns(path, symbols, " ".join(names) + " More_words here")
    packed = pack(symbols, found.note.split())
    return Parsed(path, STAMP, b"h", "python", 9, found, packed)


@settings(max_examples=60)
@given(STEPS)
def test_the_words_of_what_is_gone_are_gone(steps: list[tuple[str, str, str, list[str]]]) -> None:
    connection = opened()
    store = Store(connection, add_root(connection, "/r"))
    for step, path, other, names in steps:
        known = store.known()
        if step == "put":
            store.put(parsed(path, names), STAMP, known.get(path))
        elif path in known and step == "move" and other not in known:
            store.move(known[path], other, STAMP)
        elif path in known and step == "remove":
            store.remove(known[path].id)
        elif path in known and step == "touch":
            store.touch(known[path], STAMP._replace(size=8))
        check(connection)
    for each in store.known().values():
        store.remove(each.id)

    assert connection.execute("SELECT * FROM vocabulary").fetchall() == []
    connection.close()


def test_what_moved_is_found_by_its_new_path(connection: sqlite3.Connection) -> None:
    store = Store(connection, add_root(connection, "/r"))
    store.put(parsed("old.py", ["one"]), STAMP, None)
    store.move(store.known()["old.py"], "fresh.py", STAMP)

    terms = {term for (term,) in connection.execute("SELECT term FROM vocabulary")}

    assert {"one", "fresh", "words"} <= terms
    assert "old" not in terms


@pytest.mark.parametrize(
    ("scope", "paths"),
    [("", {"a", "a/b", "a-b", "ab"}), ("a", {"a", "a/b"}), ("a/b", {"a/b"}), ("c", set())],
)
def test_a_scope_is_a_folder_or_a_file(
    connection: sqlite3.Connection, scope: str, paths: set[str]
) -> None:
    store = Store(connection, add_root(connection, "/r"))
    for path in ("a", "a/b", "a-b", "ab"):
        store.put(parsed(path, []), STAMP, None)

    assert set(store.known(scope)) == paths


def test_a_root_goes_with_its_files_only(connection: sqlite3.Connection) -> None:
    one, two = add_root(connection, "/one"), add_root(connection, "/two")
    Store(connection, one).put(parsed("a.py", ["x"]), STAMP, None)
    Store(connection, two).put(parsed("a.py", ["x"]), STAMP, None)

    assert add_root(connection, "/one") == one
    assert remove_root(connection, one) == 1
    assert [each.path for each in roots(connection)] == ["/two"]
    assert list(Store(connection, two).known()) == ["a.py"]
