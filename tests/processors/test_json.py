from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.processors.json import condense

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=12) | st.dictionaries(st.text(), inner, max_size=6),
)


@given(VALUES, st.sampled_from([None, 2]))
def test_the_result_is_json(value: object, indent: int | None) -> None:
    json.loads(condense(json.dumps(value, indent=indent, allow_nan=False)))


def test_lists_are_cut_to_examples_and_keys_stay() -> None:
    content = json.dumps({"rows": [{"id": at, "name": f"n{at}"} for at in range(50)], "k": 1})

    assert json.loads(condense(content)) == {
        "rows": [{"id": at, "name": f"n{at}"} for at in range(3)]
        + ["[47 more items left out]"],
        "k": 1,
    }  # fmt: skip


def test_long_strings_are_cut() -> None:
    assert json.loads(condense(json.dumps(["x" * 1000]))) == [
        "x" * 200 + "[800 more characters left out]"
    ]


def test_numbers_stay_as_they_are_written() -> None:
    content = '{ "a": 1.10, "b": 123456789012345678901234567890, "c": 1E5 }'

    assert condense(content) == '{"a":1.10,"b":123456789012345678901234567890,"c":1E5}'


@pytest.mark.parametrize(
    "content", ['{"a": NaN}  ', '{"a": 1, "a": 2}', "{", "[" * 5000, "// x\n{}", ""]
)
def test_what_is_no_strict_json_stays(content: str) -> None:
    assert condense(content) == content
