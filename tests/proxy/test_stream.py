from __future__ import annotations

import asyncio
import gzip

import pytest

from tests.proxy.parts import FakeResponse
from tokenpak import wire
from tokenpak.errors import UpstreamError
from tokenpak.proxy.answers import Message
from tokenpak.proxy.stream import UsageTap, relay

ANSWER = b'{"usage":{"input_tokens":7,"output_tokens":2}}'


def passed_on(response: FakeResponse, seen: list[bytes] | None = None) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(relay(response, send, None if seen is None else seen.append))
    return sent


def test_every_chunk_is_one_message_and_the_last_ends_it() -> None:
    sent = passed_on(FakeResponse([b"a", b"b\xff"]))
    assert [(each["body"], each["more_body"]) for each in sent] == [(b"a", True), (b"b\xff", False)]


def test_an_empty_answer_is_still_ended() -> None:
    assert [(each["body"], each["more_body"]) for each in passed_on(FakeResponse([]))] == [
        (b"", False)
    ]


def test_the_observer_sees_what_the_client_got() -> None:
    seen: list[bytes] = []
    passed_on(FakeResponse([b"a", b"b"]), seen)
    assert seen == [b"a", b"b"]


def test_a_break_is_raised_and_never_completed() -> None:
    broken = UpstreamError("broke off", provider="anthropic")
    with pytest.raises(UpstreamError):
        passed_on(FakeResponse([b"a"], broken))


@pytest.mark.parametrize("encoding", ["", "gzip"])
@pytest.mark.parametrize("step", [1, 5, 1000])
def test_usage_is_read_through_the_encoding_wherever_chunks_are_cut(
    encoding: str, step: int
) -> None:
    raw = gzip.compress(ANSWER) if encoding else ANSWER
    tap = UsageTap(wire.get_adapter("anthropic"), "application/json", encoding)
    for at in range(0, len(raw), step):
        tap.feed(raw[at : at + step])
    assert tap.usage is not None
    assert (tap.usage.input_tokens, tap.usage.output_tokens) == (7, 2)


def test_an_unknown_encoding_gives_no_usage() -> None:
    tap = UsageTap(wire.get_adapter("anthropic"), "application/json", "lzma")
    tap.feed(ANSWER)
    assert tap.usage is None


def test_damaged_data_is_an_error_after_which_one_can_stop() -> None:
    tap = UsageTap(wire.get_adapter("anthropic"), "application/json", "gzip")
    tap.feed(b"not gzip")
    tap.stop()
    tap.feed(b"not gzip")
    assert tap.usage is None
