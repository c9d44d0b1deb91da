"""Law 1 for every format: what is not replaced keeps its bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.requests import FORMATS, TEXTS, requests
from tests.wire.walker import leaves
from tokenpak.canonical import CanonicalRequest, Part
from tokenpak.wire import ADAPTERS
from tokenpak.wire.splice import literal, rewrite

formats = pytest.mark.parametrize("name", FORMATS)


def normal(text: str) -> str:
    """What JSON makes of *text*: two neighbouring surrogates become one character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


@formats
@given(data=st.data())
def test_offers_exactly_the_texts_that_may_change(name: str, data: st.DataObject) -> None:
    body, expected = data.draw(requests(name))
    request = ADAPTERS[name].decode_request(body)
    spans = [part.span for part in request.parts if part.span is not None]
    assert sorted(spans) == expected
    assert {span for span in spans} <= {(start, end) for _, start, end in leaves(body)}
    assert all(body[p.span[0] : p.span[1]] == p.literal for p in request.parts if p.span)


@formats
@given(data=st.data())
def test_replaces_the_chosen_texts_and_no_other_byte(name: str, data: st.DataObject) -> None:
    body, _ = data.draw(requests(name))
    request = ADAPTERS[name].decode_request(body)
    free = [i for i, part in enumerate(request.parts) if part.span]
    texts = data.draw(st.dictionaries(st.sampled_from(free), TEXTS) if free else st.just({}))
    changed = rewrite(body, request, texts)
    replaced = {request.parts[index].span: text for index, text in texts.items()}
    before, after = leaves(body), leaves(changed)
    assert [path for path, *_ in before] == [path for path, *_ in after]
    at_before = at_after = 0
    for (_, start, end), (_, new_start, new_end) in zip(before, after, strict=True):
        assert body[at_before:start] == changed[at_after:new_start]
        new = changed[new_start:new_end]
        text = replaced.get((start, end))
        assert new == (body[start:end] if text is None else literal(text))
        at_before, at_after = end, new_end
    assert body[at_before:] == changed[at_after:]


@formats
@given(data=st.data())
def test_the_same_texts_make_an_equal_document(name: str, data: st.DataObject) -> None:
    body, _ = data.draw(requests(name))
    request = ADAPTERS[name].decode_request(body)
    texts = {i: part.text for i, part in enumerate(request.parts) if part.span}
    assert json.loads(rewrite(body, request, texts)) == json.loads(body)


@given(TEXTS)
def test_a_literal_reads_back_as_its_text(text: str) -> None:
    assert json.loads(literal(text)) == normal(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("é日😀/\x7f\u2028", '"é日😀/\x7f\u2028"'.encode()),
        ('a"b\\c\n\r\t\b\f\x00\x1f', rb'"a\"b\\c\n\r\t\b\f\u0000\u001f"'),
        ("x\ud800y\udfff", rb'"x\ud800y\udfff"'),
    ],
)
def test_a_literal_escapes_only_what_json_demands(text: str, expected: bytes) -> None:
    assert literal(text) == expected


def request_of(*parts: Part) -> CanonicalRequest:
    return CanonicalRequest("anthropic", None, False, parts)


BODY = b'{"a":"one","b":"two"}'
ONE = Part("text", "user", b'"one"', span=(5, 10))


@pytest.mark.parametrize(
    ("request_", "texts", "message"),
    [
        (request_of(Part("thinking", "assistant", b'"one"')), {0: "x"}, "must not be rewritten"),
        (request_of(ONE, Part("text", "user", b'"one"', span=(5, 10))), {0: "x", 1: "y"}, "overl"),
        (request_of(Part("text", "user", b'"one"', span=(6, 11))), {0: "x"}, "does not stand"),
        (request_of(ONE), {1: "x"}, "does not exist"),
        (request_of(ONE), {-1: "x"}, "does not exist"),
    ],
)
def test_refuses_what_would_damage_the_body(
    request_: Any, texts: dict[int, str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        rewrite(BODY, request_, texts)


def test_nothing_to_change_gives_the_very_bytes() -> None:
    assert rewrite(BODY, request_of(ONE), {}) is BODY
