from __future__ import annotations

import sys

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


@pytest.mark.parametrize(
    ("find", "why"),
    [
        ("please (a+)+", "repeats a repetition"),
        ("please (a|a)*b", "read in several ways"),
        ("please ((so|very) *)*much", "repeats a repetition"),
        ("please .* .* .* now", "in many ways"),
        (r"(very|so) \\1", "refers back"),
        ("(?<!x)please", "looks ahead or behind"),
        ("please(?= now)", "looks ahead or behind"),
    ],
)
@pytest.mark.parametrize("engine", ["re2", "re"])
def test_a_phrase_of_a_user_that_could_take_long_is_refused(
    find: str, why: str, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "re":
        monkeypatch.setitem(sys.modules, "re2", None)
    with pytest.raises(ConfigError, match=f"own.yaml: rule 'r'.*is no pattern: .*{why}"):
        read_pack(pack(find.replace("\\\\", "\\")), "own.yaml")


def test_a_phrase_of_a_user_reads_so_far_and_no_further() -> None:
    (phrase,) = read_pack(pack("please [a-z]+ now"), "own.yaml").by_word["please"]

    assert phrase.pattern.match(f"please {'x' * 500} now")
    assert not phrase.pattern.match(f"please {'x' * 501} now")
