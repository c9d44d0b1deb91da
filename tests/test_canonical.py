"""Parts of a conversation: text and arguments, decoded on first use."""

from __future__ import annotations

import pytest

from tokenpak.canonical import CanonicalRequest, CanonicalUsage, Part, UsageSource
from tokenpak.errors import WireError


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        (b'"plain"', "plain"),
        (rb'"a\nb\u00e9\/"', "a\nbé/"),
        (rb'"\ud800"', "\ud800"),  # JavaScript clients send lone surrogates
        ('"größer"'.encode(), "größer"),
        (b'"tab\tinside"', "tab\tinside"),
    ],
)
def test_text_is_what_the_literal_says(literal: bytes, text: str) -> None:
    assert Part("text", "user", literal).text == text


@pytest.mark.parametrize("literal", [b"{}", b"1", b'"open', b'"\xff"', b""])
def test_what_is_no_json_string_is_a_wire_error(literal: bytes) -> None:
    with pytest.raises(WireError):
        _ = Part("tool_result", "user", literal).text


def test_the_text_of_a_call_is_its_input_as_it_stands() -> None:
    assert Part("tool_use", "assistant", b'{ "a": 1.0 }').text == '{ "a": 1.0 }'


@pytest.mark.parametrize(
    ("literal", "arguments"),
    [
        (b'{"command": "ls"}', {"command": "ls"}),
        (rb'"{\"command\": \"ls\"}"', {"command": "ls"}),  # OpenAI sends a string of JSON
        (b"[1]", {}),
        (b'"no json"', {}),
        (b"{broken", {}),
        (b"[" * 100_000, {}),
    ],
)
def test_arguments_are_an_object_or_nothing(literal: bytes, arguments: dict[str, str]) -> None:
    assert Part("tool_use", "assistant", literal).arguments == arguments


def test_a_part_shows_what_it_is_and_not_what_it_says() -> None:
    shown = repr(Part("tool_result", "user", b'"a secret"', tool="Read", span=(1, 5)))

    assert "Read" in shown
    assert "secret" not in shown


def test_requests_and_usage_say_nothing_that_was_not_said() -> None:
    request = CanonicalRequest("anthropic", None, False, ())

    assert (request.tools, request.cache_marked) == ((), False)
    assert CanonicalUsage().input_tokens is None
    assert CanonicalUsage().source is UsageSource.PROVIDER_REPORTED
