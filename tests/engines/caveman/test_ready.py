from __future__ import annotations

import pytest

from tokenpak.engines.caveman import built_in, read_pack
from tokenpak.errors import ConfigError


def pack(find: str, to: str = "") -> str:
    return f"language: xx\nrules:\n  - {{name: r, category: filler, find: '{find}', to: '{to}'}}\n"


@pytest.mark.parametrize(
    ("find", "to", "told"),
    [
        ("(a|b", "", "is no pattern"),
        ("[ab]c", "", "must begin with a whole word"),
        ("(a|b)? c", "", "a word that is always there"),
        ("a b|c d", "", "make it a list"),
        ("a", "\\2", "names a group"),
    ],
)
def test_a_phrase_that_cannot_be_indexed_is_refused(find: str, to: str, told: str) -> None:
    with pytest.raises(ConfigError, match=f"own.yaml: rule 'r'.*{told}"):
        read_pack(pack(find, to), "own.yaml")


def test_phrases_stand_under_each_first_word() -> None:
    found = read_pack(pack("(make|take) a look"), "own.yaml").by_word

    assert sorted(found) == ["make", "take"]


def test_a_rule_stands_once() -> None:
    with pytest.raises(ConfigError, match="rule 'r' stands there twice"):
        read_pack(pack("a b") + "  - {name: r, category: filler, find: c d}\n", "own.yaml")


def test_no_built_in_rule_drops_a_guard_without_saying_so() -> None:
    for each in built_in():
        assert each.guards
