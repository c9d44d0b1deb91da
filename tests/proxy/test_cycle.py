"""What goes over the connection, and in how many writes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest
from uvicorn.protocols.http.flow_control import FlowControl

from tokenpak.proxy.answers import Message, Receive, Scope, Send
from tokenpak.proxy.cycle import Cycle

LOG = logging.getLogger("tests.cycle")
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Transport:
    """Keeps each write; `closed` says how many there were when it was closed."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.closed: int | None = None

    def write(self, data: bytes) -> None:
        self.writes.append(data)

    def close(self) -> None:
        self.closed = len(self.writes)

    def is_closing(self) -> bool:
        return self.closed is not None


def exchange(app: App, method: str = "POST", came: Iterable[bytes] = (), **more: Any) -> Transport:
    """What *app* does on a connection on which *came* has come."""
    transport = Transport()

    async def run() -> None:
        cycle = Cycle(
            scope={"type": "http", "method": method},
            transport=transport,
            flow=FlowControl(transport),  # type: ignore[arg-type]
            logger=LOG,
            access_logger=LOG,
            access_log=False,
            default_headers=[],
            message_event=asyncio.Event(),
            on_response=lambda: None,
            **{"expect_100_continue": False, "keep_alive": True} | more,
        )
        for chunk in came:
            cycle.take(chunk)
        await cycle.run_asgi(app)  # type: ignore[arg-type]

    asyncio.run(run())
    return transport


def start(*fields: tuple[bytes, bytes], status: int = 200) -> Message:
    return {"type": "http.response.start", "status": status, "headers": fields}


def body(data: bytes, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}


def answering(*messages: Message, pause_after: int | None = None) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for at, message in enumerate(messages):
            await send(message)
            if at == pause_after:
                await asyncio.sleep(0)

    return app


LENGTH = (b"Content-Length", b"2")
HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("app", "writes"),
    [
        (answering(start(LENGTH), body(b"ok")), [HEAD + b"ok"]),
        (answering(start(LENGTH), body(b"ok"), pause_after=0), [HEAD, b"ok"]),
        (answering(start(LENGTH), body(b"o", True), body(b"k")), [HEAD + b"o", b"k"]),
        (answering(start(), body(b"ok")), [CHUNKED + b"2\r\nok\r\n0\r\n\r\n"]),
        (
            answering(start(), body(b"ok", True), body(b"")),
            [CHUNKED + b"2\r\nok\r\n", b"0\r\n\r\n"],
        ),
        (answering(start(), body(b"")), [CHUNKED + b"0\r\n\r\n"]),
        (answering(start(status=204), body(b"")), [b"HTTP/1.1 204 No Content\r\n\r\n"]),
    ],
    ids=["whole", "waits", "pieces", "chunked", "stream", "empty", "204"],
)
def test_a_head_leaves_with_the_body_that_is_at_hand(app: App, writes: list[bytes]) -> None:
    assert exchange(app).writes == writes


def test_an_answer_to_head_has_only_a_head() -> None:
    assert exchange(answering(start(LENGTH), body(b"ok")), "HEAD").writes == [HEAD]


@pytest.mark.parametrize(("keep", "own"), [(False, []), (True, [(b"connection", b"close")])])
def test_a_connection_that_ends_says_so_once(keep: bool, own: list[tuple[bytes, bytes]]) -> None:
    found = exchange(answering(start(LENGTH, *own), body(b"ok")), keep_alive=keep)
    assert found.writes[0].count(b"connection: close\r\n") == 1
    assert found.closed == 1


def test_what_was_sent_before_a_failure_goes_out_before_the_connection_closes() -> None:
    async def breaks(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start(LENGTH))
        raise OSError("the provider broke off")

    found = exchange(breaks)
    assert (found.writes, found.closed) == ([HEAD], 1)


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        ([start(LENGTH), body(b"too long")], "longer"),
        ([start(LENGTH), body(b"s")], "shorter"),
        ([start((b"bad name", b""))], "no valid name"),
        ([start((b"a", b"b\r\nc: d"))], "no valid value"),
        ([body(b"first")], "out of turn"),
        ([start(), start()], "out of turn"),
        ([start(), body(b""), body(b"")], "more of its body"),
    ],
)
def test_an_answer_out_of_form_is_refused(messages: list[Message], told: str) -> None:
    refused: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            for message in messages:
                await send(message)
        except RuntimeError as error:
            refused.append(str(error))
            raise

    exchange(app)
    assert told in refused[0]


def test_pieces_of_a_body_come_as_one_and_as_they_are() -> None:
    seen: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(await receive())
        await send(start(LENGTH))
        await send(body(b"ok"))
        seen.append(await receive())

    whole = b"x" * 100
    exchange(app, came=[whole])
    exchange(app, came=[b"a", b"b"])
    assert seen[0]["body"] is whole
    assert [each.get("body", each["type"]) for each in seen[1:]] == [
        "http.disconnect",
        b"ab",
        "http.disconnect",
    ]


def test_a_client_that_asks_first_is_told_to_go_on_when_its_body_is_wanted() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send(start(LENGTH))
        await send(body(b"ok"))

    found = exchange(app, came=[b"a"], expect_100_continue=True)
    assert found.writes == [b"HTTP/1.1 100 Continue\r\n\r\n", HEAD + b"ok"]
    unread = exchange(answering(start(LENGTH), body(b"ok")), expect_100_continue=True)
    assert unread.writes == [HEAD + b"ok"]
