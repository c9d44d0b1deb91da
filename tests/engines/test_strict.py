from __future__ import annotations

import msgspec
import pytest

from tokenpak.engines.strict import MAX_BYTES, keyed, parse, schema
from tokenpak.errors import ConfigError


def test_the_name_of_a_file_says_how_it_is_read() -> None:
    assert parse("a: [1, x]", "own.yaml", "a file") == parse('{"a": [1, "x"]}', "own.json", "x")


@pytest.mark.parametrize(
    ("text", "path", "told"),
    [
        ("{a: 1}", "own.json", "own.json: cannot be read: Expecting property name"),
        ("{a: 1", "own.yml", "own.yml: cannot be read: .*line 1, column 1"),
        ("[" * 100_000, "own.json", "own.json: cannot be read: .*recursion"),
        ("x" * (MAX_BYTES + 1), "own.yaml", "a file may have 1048576 bytes at most"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, path: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        parse(text, path, "a file")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ([], "own.json: rules is list, expected an object"),
        ({"a": 1, "c": 2}, "own.json: rules: unknown key 'c'; known: a, b"),
    ],
)
def test_an_object_has_known_keys_alone(value: object, told: str) -> None:
    assert keyed({"a": 1}, {"a", "b"}, "x") == {"a": 1}
    with pytest.raises(ConfigError, match=told):
        keyed(value, {"a", "b"}, "own.json: rules")


def test_a_schema_says_what_it_is_of() -> None:
    class Box(msgspec.Struct):
        size: int

    found = schema(Box, "A box")

    assert found["title"] == "A box" and "json-schema.org" in found["$schema"]
    assert found["$defs"]["Box"]["required"] == ["size"]
