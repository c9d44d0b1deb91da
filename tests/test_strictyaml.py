from __future__ import annotations

import pytest
import yaml

from tokenpak.strictyaml import has_aliases, load


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: yes", {"a": "yes"}),
        ("a: no\nb: on", {"a": "no", "b": "on"}),
        ("a: 010\nb: 12:30:45\nc: 2026-01-01", {"a": "010", "b": "12:30:45", "c": "2026-01-01"}),
        ("a: true\nb: null\nc: -3\nd: 0.5", {"a": True, "b": None, "c": -3, "d": 0.5}),
        ("a: '3'", {"a": "3"}),
        ("<<: x", {"<<": "x"}),
        ("- [a, 1]\n- {b: ~}", [["a", 1], {"b": None}]),
        ("", None),
    ],
)
def test_plain_words_are_texts_and_decimal_numbers_numbers(text: str, value: object) -> None:
    assert load(text) == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\nb: {c: 1, c: 2}", "key 'c' stands twice"),
        ("? [a]\n: 1", "a key is a word"),
        ("a: [", "expected"),
        ("a: !!python/name:os.system ''", "could not determine a constructor"),
    ],
)
def test_what_is_in_doubt_is_refused(text: str, told: str) -> None:
    with pytest.raises(yaml.YAMLError, match=told):
        load(text)


def test_a_value_that_stands_for_another_is_an_alias() -> None:
    assert has_aliases("a: &x 1\nb: *x")
    assert not has_aliases("a: &x 1\nb: '*x'")
