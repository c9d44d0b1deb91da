from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest

from tokenpak.proxy.connection import Answer, Connection, NotHttp

ASK = b"POST / HTTP/1.1\r\nHost: a\r\n\r\n"


class Transport(asyncio.Transport):
    """Keeps what is written; the test plays the peer."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.aborted = False
        self.reading = True
        self.unsent = 0

    def write(self, data: Any) -> None:
        self.written += data

    def writelines(self, pieces: Iterable[Any]) -> None:
        self.written += b"".join(pieces)

    def abort(self) -> None:
        self.aborted = True

    def is_closing(self) -> bool:
        return self.aborted

    def is_reading(self) -> bool:
        return self.reading

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def get_write_buffer_size(self) -> int:
        return self.unsent


class Peer:
    """A connection with a transport in hand, and what became free of it."""

    def __init__(self, timeout_s: float = 60.0) -> None:
        self.released: list[Connection] = []
        self.transport = Transport()
        self.connection = Connection(self.released.append, timeout_s)
        self.connection.connection_made(self.transport)

    def ask(self, method: bytes = b"POST", body: bytes | None = b"{}") -> Answer:
        return self.connection.ask(method, ASK, body)

    def say(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.connection.data_received(piece)


def run(scene: Callable[[], Awaitable[None]]) -> None:
    async def within() -> None:
        await scene()

    asyncio.run(within())


async def whole(answer: Answer) -> bytes:
    found = b""
    while not answer.finished:
        found += await answer.read()
    return found


def head(*fields: bytes, status: bytes = b"200 OK") -> bytes:
    return b"\r\n".join((b"HTTP/1.1 " + status, *fields, b"", b""))


def test_request_and_body_are_written_as_they_are() -> None:
    async def scene() -> None:
        peer = Peer()
        peer.ask(body=b"\x00\xff")
        assert peer.transport.written == ASK + b"\x00\xff"

    run(scene)


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
def test_an_answer_is_read_wherever_its_pieces_are_cut(step: int) -> None:
    raw = head(b"X-A: \xe4", b"x-a: 2", b"Transfer-Encoding: chunked") + b"3\r\nabc\r\n0\r\n\r\n"

    async def scene() -> None:
        peer = Peer()
        answer = peer.ask()
        peer.say(*(raw[at : at + step] for at in range(0, len(raw), step)))
        await answer.head()
        assert answer.status == 200
        assert answer.fields[:2] == [(b"X-A", b"\xe4"), (b"x-a", b"2")]
        assert await whole(answer) == b"abc"
        assert peer.released == [peer.connection]

    run(scene)


def test_interim_answers_are_skipped() -> None:
    async def scene() -> None:
        peer = Peer()
        answer = peer.ask()
        peer.say(head(b"Link: a", status=b"103 Early Hints"), head(b"Content-Length: 0"))
        await answer.head()
        assert (answer.status, answer.fields) == (200, [(b"Content-Length", b"0")])
        assert answer.finished

    run(scene)


@pytest.mark.parametrize(
    ("method", "raw", "reusable"),
    [
        (b"POST", head(b"Content-Length: 2") + b"{}", True),
        (b"POST", head(status=b"204 No Content"), True),
        (b"POST", head(b"Content-Length: 2", b"Connection: close") + b"{}", False),
        (b"HEAD", head(b"Content-Length: 2"), False),
    ],
)
def test_a_connection_is_free_again_only_if_its_answer_ended_cleanly(
    method: bytes, raw: bytes, reusable: bool
) -> None:
    async def scene() -> None:
        peer = Peer()
        answer = peer.ask(method)
        peer.say(raw)
        await answer.head()
        await whole(answer)
        assert bool(peer.released) is reusable
        assert peer.transport.aborted is not reusable

    run(scene)


def test_a_request_that_is_not_sent_whole_ends_its_connection() -> None:
    async def scene() -> None:
        peer = Peer()
        answer = peer.ask()
        peer.transport.unsent = 1
        peer.say(head(b"Content-Length: 0", status=b"413 Too Large"))
        await answer.head()
        assert answer.status == 413
        assert (peer.released, peer.transport.aborted) == ([], True)

    run(scene)


def test_bytes_behind_an_answer_never_become_the_next_one() -> None:
    stray = head(b"Content-Length: 5") + b"stray"

    async def scene() -> None:
        together, later = Peer(), Peer()
        answer = together.ask()
        together.say(head(b"Content-Length: 2") + b"{}" + stray)
        await answer.head()
        assert await whole(answer) == b"{}"
        later.ask()
        later.say(head(b"Content-Length: 2") + b"{}", stray)
        assert not together.connection.open
        assert not later.connection.open

    run(scene)


def test_an_answer_without_length_ends_with_the_connection() -> None:
    async def scene() -> None:
        peer = Peer()
        answer = peer.ask()
        peer.say(head(b"A: b") + b"until the end")
        peer.connection.connection_lost(None)
        await answer.head()
        assert await whole(answer) == b"until the end"

    run(scene)


@pytest.mark.parametrize("error", [None, ConnectionResetError("reset")])
@pytest.mark.parametrize("framing", [b"Content-Length: 9", b"Transfer-Encoding: chunked"])
def test_what_came_before_a_break_is_read_before_the_break(
    framing: bytes, error: Exception | None
) -> None:
    async def scene() -> None:
        peer = Peer()
        answer = peer.ask()
        peer.say(head(framing) + (b"abc" if b"9" in framing else b"3\r\nabc\r\n"))
        peer.connection.connection_lost(error)
        await answer.head()
        assert await answer.read() == b"abc"
        with pytest.raises(ConnectionResetError):
            await answer.read()

    run(scene)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"SSH-2.0-OpenSSH_9\r\n", "Expected HTTP/"),
        (
            head(b"Upgrade: x", b"Connection: upgrade", status=b"101 Switching"),
            "its status is 101",
        ),
        (head(b"X: %b" % (b"a" * 300_000)), "its head is larger than 256 KB"),
        (head(b"Content-Length: 1", b"Content-Length: 2"), "Content-Length"),
        (head(status=b"999 Odd"), "its status is 999"),
    ],
)
def test_what_is_no_answer_is_told_apart_from_a_break_with_the_reason(raw: bytes, why: str) -> None:
    async def scene() -> None:
        peer = Peer()
        answer = peer.ask()
        peer.say(raw)
        with pytest.raises(NotHttp, match=why):
            await answer.head()
        assert peer.transport.aborted

    run(scene)


def test_a_head_without_end_is_not_waited_for() -> None:
    async def scene() -> None:
        peer = Peer()
        answer = peer.ask()
        peer.say(b"HTTP/1.1 200 OK\r\nX: ", *[b"a" * 65_536] * 5)
        with pytest.raises(NotHttp, match="larger than 256 KB"):
            await answer.head()
        assert peer.transport.aborted

    run(scene)


def test_a_slow_reader_holds_the_peer_back() -> None:
    async def scene() -> None:
        peer = Peer()
        answer = peer.ask()
        peer.say(head(b"Content-Length: 600000"), b"x" * 300_000)
        assert not peer.transport.reading
        assert len(await answer.read()) == 300_000
        assert peer.transport.reading

    run(scene)


def test_closing_an_unfinished_answer_closes_its_connection() -> None:
    async def scene() -> None:
        peer = Peer()
        answer = peer.ask()
        peer.say(head(b"Content-Length: 9"))
        answer.close()
        assert peer.transport.aborted

    run(scene)


def test_silence_is_a_timeout_and_a_slow_reader_is_not() -> None:
    async def scene() -> None:
        silent, slow = Peer(timeout_s=0.01), Peer(timeout_s=0.01)
        held = slow.ask()
        slow.say(head(b"Content-Length: 600000"), b"x" * 300_000)
        answer = silent.ask()
        with pytest.raises(TimeoutError):
            await answer.head()
        assert silent.transport.aborted
        assert len(await held.read()) == 300_000
        assert slow.connection.open
        slow.connection.abort()

    run(scene)


def test_a_connection_that_was_lost_at_once_answers_with_the_loss() -> None:
    async def scene() -> None:
        peer = Peer()
        peer.connection.connection_lost(None)
        with pytest.raises(ConnectionResetError):
            await peer.ask().head()

    run(scene)
