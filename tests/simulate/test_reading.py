"""What the model reads of a request, and how much that is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulate.recordings import conversation
from tokenpak.canonical import Part
from tokenpak.simulate.conversation import Conversation, dump
from tokenpak.simulate.reading import measure, readable, visible
from tokenpak.tokens import count
from tokenpak.wire import get_adapter


def part(kind: Any, value: object) -> Part:
    return Part(kind, "assistant", json.dumps(value).encode())


@pytest.mark.parametrize(
    ("kind", "value", "read", "seen"),
    [
        ("text", 'a "quoted"\nline', 'a "quoted"\nline', 'a "quoted"\nline'),
        ("tool_use", {"old": "a\nb"}, '{"old": "a\\nb"}', "a\nb"),
        ("tool_use", '{"old": "a\\nb"}', '{"old": "a\\nb"}', "a\nb"),
        ("thinking", {"thinking": "hm", "signature": "QUJD", "type": "thinking"}, "hm", "hm"),
        ("thinking", {"summary": [{"text": "hm"}], "encrypted_content": "QUJD"}, "hm", "hm"),
        ("image", {"source": {"data": "QUJD"}}, "", ""),
        ("tool_result", 7, "", ""),
    ],
)
def test_only_what_means_something_is_read(kind: Any, value: object, read: str, seen: str) -> None:
    assert (readable(part(kind, value)), visible(part(kind, value))) == (read, seen)


@pytest.mark.parametrize("name", ["claude_code", "codex", "airline"])
def test_both_measures_cover_the_whole_request(name: str) -> None:
    found = conversation(name)
    request = get_adapter(found.wire).decode_request(found.body())
    sizes = measure(found, request.parts)

    assert len(sizes.texts) == len(sizes.json) == len(request.parts) + 1
    assert sum(sizes.texts[1:]) == sum(count(readable(each)) for each in request.parts)
    # Counted by pieces, each with its role, and the list's own brackets left out.
    assert abs(sum(sizes.json) - count(found.body().decode())) < 0.05 * sum(sizes.json)
    assert sum(sizes.texts) < sum(sizes.json)


def test_images_are_in_neither_measure() -> None:
    def sizes(data: str) -> list[int]:
        image = {"type": "image", "source": {"type": "base64", "data": data}}
        messages = [{"role": "user", "content": [image, {"type": "text", "text": "see"}]}]
        found = Conversation("p", "a", "anthropic", messages)
        request = get_adapter("anthropic").decode_request(found.body())
        both = measure(found, request.parts)
        return [*both.texts, *both.json]

    assert sizes("AAAA") == sizes("AQID" * 1000)


def test_tool_definitions_stand_before_the_parts() -> None:
    tool = {"name": "f", "description": "d"}
    found = Conversation("p", "a", "anthropic", [], tools=[tool])

    assert measure(found, ()).texts == [count(dump(tool).decode())]
