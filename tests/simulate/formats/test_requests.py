"""Logs of requests: each conversation once, however often it was sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.simulate.recordings import read_all, write_json, write_lines
from tokenpak.simulate.formats.requests import FORMAT

U, A = {"role": "user", "content": "u"}, {"role": "assistant", "content": "a"}
MARKED = {
    "role": "user",
    "content": [{"type": "text", "text": "u", "cache_control": {"type": "ephemeral"}}],
}


def body(*messages: dict[str, Any]) -> dict[str, Any]:
    return {"model": "m", "system": "be", "messages": list(messages)}


def test_a_request_takes_the_place_of_the_one_it_goes_on_from(tmp_path: Path) -> None:
    other = {"role": "user", "content": "another"}
    path = write_lines(tmp_path / "log.jsonl", body(MARKED), body(other), body(U, A, MARKED))

    found = read_all(FORMAT, path)

    assert [len(each.messages) for each in found] == [1, 3]
    assert (found[1].system, found[1].model, found[1].wire) == ("be", "m", "anthropic")


@pytest.mark.parametrize("name", ["body", "request", "payload"])
def test_a_body_may_be_wrapped(tmp_path: Path, name: str) -> None:
    path = write_lines(tmp_path / "log.jsonl", {"status": 200}, {"path": "/v1", name: body(U)})

    assert read_all(FORMAT, path)[0].messages == [U]


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        ({"contents": [{"role": "user", "parts": [{"text": "u"}]}]}, "gemini"),
        ({"request": {"contents": [{"role": "user", "parts": []}]}}, "gemini"),
        ({"input": [U], "instructions": "be"}, "openai_responses"),
        ({"messages": [U]}, "openai_chat"),
        ([{"messages": [U]}], "openai_chat"),
    ],
)
def test_every_format_is_known_by_its_shape(tmp_path: Path, value: Any, wire: str) -> None:
    [found] = read_all(FORMAT, write_json(tmp_path / "r.json", value))

    assert found.wire == wire
    assert len(found.messages) == 1


@pytest.mark.parametrize("value", [{"name": "package"}, [1, 2], "text", None])
def test_other_files_are_not_claimed(tmp_path: Path, value: object) -> None:
    from tokenpak.simulate.source import Source

    source = Source(write_json(tmp_path / "r.json", value))

    assert not FORMAT.claims(source, source.head())
