"""Spans of hostile JSON: kept exactly, or refused."""

from __future__ import annotations

import pytest

from tests.wire.walker import leaves
from tokenpak.errors import WireError
from tokenpak.wire.spans import Value, is_true, items, members, objects, parse, string


def pieces(body: bytes, value: Value | dict[str, Value] | None) -> object:
    """The spans of *value* as the bytes they stand for, as deep as objects and arrays go."""
    if isinstance(value, dict):
        return {key: pieces(body, each) for key, each in value.items()}
    assert value is not None
    inner = members(value)
    if inner is not None:
        return pieces(body, inner)
    listed = items(value)
    return body[value[0] : value[1]] if listed is None else [pieces(body, each) for each in listed]


HOSTILE = [
    b'{"a":12345678901234567890,"b":1E5,"c":-0,"d":1.00,"e":[1e-7,true,null]}',
    rb'{"a":"\u00e9","b":"\/","c":"\ud800","d":"\udfff x","e":"\\ud800"}' + b"\n",
    '{"a":"é","ключ":["日","😀"],"\\u00e9":{"x":1}}'.encode(),
    b' \r\n\t{ "a" : [ 1 , { "b" : "c" } , [ ] ] , "d" : { } }\n ',
    b'{"a":"\xff\xfe","b":["\xc3"]}',
    b'{"a":"},{\\"x\\":[","b":",\\"c\\":1"}',
    b"{}",
    b'{"":{"":""}}',
]


@pytest.mark.parametrize("body", HOSTILE)
def test_spans_are_those_of_an_independent_reader(body: bytes) -> None:
    expected: object = {}
    for path, start, end in leaves(body):
        expected = put(expected, path, body[start:end])
    assert pieces(body, parse(body)) == expected


def put(tree: object, path: tuple[str | int, ...], leaf: bytes) -> object:
    if not path:
        return {b"{": {}, b"[": []}.get(leaf[:1], leaf)
    if isinstance(path[0], int):
        listed = list(tree) if isinstance(tree, list) else []
        grown = listed if path[0] < len(listed) else [*listed, None]
        return [*grown[: path[0]], put(grown[path[0]], path[1:], leaf)]
    known = dict(tree) if isinstance(tree, dict) else {}
    return known | {path[0]: put(known.get(path[0]), path[1:], leaf)}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[1]",
        b'{"a":1',
        b'{"a":1}x',
        b'{"a":1,}',
        b'{"a":NaN}',
        b'{"a":01}',
        b"{'a':1}",
        b'\xef\xbb\xbf{"a":1}',
        b'{"\xff":1}',
        b'{"a":"\\ud800"',
        b'{"a":"\n"}',
        b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b'{"a":"\\ud800","b":' + b'{"a":[' * 10_000 + b"]}" * 10_000 + b"}",
        b'{"a":1,"a":1}',
        b'{"a":1,"b":2,"a":3}',
        b'{"a":1,"\\u0061":2}',
        b'{ "a" : "1" , "a" : "2" }',
        b'{"a":{"x":1,"b":2},"b":2,"a":{"x":1}}',
    ],
)
def test_refuses_what_is_not_one_plain_object(body: bytes) -> None:
    with pytest.raises(WireError):
        parse(body)


@pytest.mark.parametrize(
    "inner",
    [
        b'{"a":1,"a":1}',
        b'{"a":1,"b":1,"a":1}',
        b'{ "a":12, "a":1 }',
        b'{"\xff":1}',
        b"5",
        # By lengths alone, `"q"` within the value of `b` passes for a member of the outer object.
        b'{"a":1,"b":{"p":1,      "q":2},"a":123456789012}',
    ],
)
def test_an_ambiguous_object_has_no_members(inner: bytes) -> None:
    body = b'{"x":' + inner + b"}"
    assert members(parse(body)["x"]) is None


def test_a_space_that_makes_up_for_a_lost_member_is_not_mistaken() -> None:
    # The kept members of both objects are equally long; only one of them says a key twice.
    once, twice = b'{"k":"v",      "b":1}', b'{"k":"v","b":1,"b":1}'
    assert len(once) == len(twice)
    assert members(parse(b'{"x":' + once + b"}")["x"]) is not None
    assert members(parse(b'{"x":' + twice + b"}")["x"]) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b'"plain"', "plain"),
        (rb'"\u00e9\n\""', 'é\n"'),
        ('"é"'.encode(), "é"),
        (rb'"\ud800"', "\ud800"),
        (b'"\xff"', "�"),
        (b'"toolu_01A09q90qw90lq917835lq9"', "toolu_01A09q90qw90lq917835lq9"),
        (
            rb'"a name \u2014 of more bytes than a word has"',
            "a name — of more bytes than a word has",
        ),
        (b"[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", None),
        (b"5", None),
        (b"null", None),
    ],
)
def test_reads_a_short_string(value: bytes, expected: str | None) -> None:
    body = b'{"s":' + value + b"}"
    assert string(body, parse(body)["s"]) == expected


@pytest.mark.parametrize(
    ("value", "absent", "expected"),
    [
        (b"true", False, True),
        (b"false", True, False),
        (b"null", True, True),
        (b'"true"', False, False),
    ],
)
def test_reads_a_flag(value: bytes, absent: bool, expected: bool) -> None:
    body = b'{"s":' + value + b"}"
    assert is_true(body, parse(body)["s"], absent) is expected


@pytest.mark.parametrize(
    "array",
    [
        b"[]",
        b"[ ]",
        b"[{}]",
        b'[{},{"a":1},{}]',
        b'[{"a":1,"b":[{"c":2}]},{"d":"x"}]',
        b'[ {"a":1} , {"b" : 2}]',
        b'[{"a":1},2,"x",null,[{"b":3}]]',
        b'[{"a":1,"a":2},{"b":3}]',
        b'[{"\\u0061":1},{"b":3}]',
        '[{"ключ":1},{"b":3}]'.encode(),
        b'[{"a":1 },{"b":3}]',
        b'[{"a":"\\ud800"},{"b":3}]',
        b'{"a":1}',
        b"7",
    ],
)
def test_an_array_of_objects_is_read_as_its_items_are(array: bytes) -> None:
    body = b'{"it":' + array + b"}"
    value = parse(body)["it"]
    listed = items(value)
    one_by_one = None if listed is None else [(a, b, members((a, b, raw))) for a, b, raw in listed]
    assert spans(objects(value)) == spans(one_by_one)


def spans(found: list[tuple[int, int, dict[str, Value] | None]] | None) -> object:
    if found is None:
        return None
    return [
        (a, b, None if inner is None else {key: each[:2] for key, each in inner.items()})
        for a, b, inner in found
    ]
