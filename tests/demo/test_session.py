"""Recorded sessions, and the requests that are made of them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tokenpak.demo.cache import blocks_of
from tokenpak.demo.refusals import refusal
from tokenpak.demo.session import Session, load
from tokenpak.errors import ConfigError

MESSAGES = [
    {"role": "user", "content": "first"},
    {"role": "assistant", "content": [{"type": "text", "text": "second"}]},
    {"role": "user", "content": "third"},
]


@pytest.fixture(scope="module")
def shipped() -> Session:
    return load()


def test_the_shipped_session_names_its_source_and_licence(shipped: Session) -> None:
    assert shipped.source == "entireio/cli (MIT)"


def test_no_request_of_the_shipped_session_would_be_refused(shipped: Session) -> None:
    requests = [json.loads(shipped.request(upto)) for upto in shipped.turns()]

    assert len(requests) > 50
    assert [refusal(each) for each in requests] == [None] * len(requests)


def test_each_request_continues_the_one_before(shipped: Session) -> None:
    before: list[bytes] = []
    for upto in shipped.turns():
        now = [each.key for each in blocks_of(json.loads(shipped.request(upto)))]
        assert now[: len(before)] == before
        before = now


def test_a_turn_is_what_stands_before_an_answer_and_the_whole() -> None:
    assert Session("s", MESSAGES).turns() == [1, 3]
    assert Session("s", MESSAGES[:2]).turns() == [1]


def test_the_marker_stands_on_the_last_block_of_the_newest_user_message() -> None:
    request = json.loads(Session("s", MESSAGES, system="be brief").request(2))

    marked = {each.text for each in blocks_of(request) if each.marked}

    assert marked == {"be brief", "first"}
    assert MESSAGES[0] == {"role": "user", "content": "first"}


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
def test_reads_session_files_packed_or_not(tmp_path: Path, pack: Any) -> None:
    value = {
        "format": "anthropic",
        "model": "m",
        "messages": MESSAGES,
        "meta": {"source_repo": "a/b", "licence": "MIT"},
    }
    path = tmp_path / "one.json"
    path.write_bytes(pack(json.dumps(value).encode()))

    session = load(path)

    assert (session.name, session.model, session.source) == ("one.json", "m", "a/b (MIT)")
    assert list(session.messages) == MESSAGES


def test_reads_transcripts(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(
        "\n".join(json.dumps({"type": each["role"], "message": each}) for each in MESSAGES)
    )

    assert list(load(path).messages) == MESSAGES


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "not a session"),
        (b"[]", "list of 'messages'"),
        (b"\xff", "codec"),
        (b"\x1f\x8bnothing", "not a session"),
        (b'{"messages": [{"role": "user", "content": "a"}]}', "at least two"),
        (b'{"messages": [{"role": "user", "content": ""}, {}]}', "messages[0] has no content"),
        (b'{"messages": [{"content": "a"}, {}]}', "messages[0] is no message"),
        (b'{"format": "openai", "messages": []}', "expected 'anthropic'"),
    ],
)
def test_names_the_file_and_what_is_wrong_with_it(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)

    with pytest.raises(ConfigError, match="bad.json") as caught:
        load(path)

    assert words in str(caught.value)
