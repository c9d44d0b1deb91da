from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from tokenpak.proxy.answers import Message, Refused, Scope
from tokenpak.proxy.http_protocol import WHOLE
from tokenpak.proxy.intake import ClientGone, read_body

LEFT: Message = {"type": "http.disconnect"}


def piece(body: bytes, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def read(
    messages: Sequence[Message],
    *,
    scope: Scope | None = None,
    fields: dict[bytes, bytes] | None = None,
    limit: int = 8,
    **options: Any,
) -> tuple[bytes, int]:
    """The body, and how many of *messages* were not asked for; silence follows the last."""
    waiting = list(messages)

    async def receive() -> Message:
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop(0)

    body = asyncio.run(read_body(scope or {}, receive, fields or {}, limit, **options))
    return body, len(waiting)


def test_the_pieces_are_joined_in_order() -> None:
    assert read([piece(b"a"), piece(b""), piece(b"bc", more=False)]) == (b"abc", 0)


@pytest.mark.parametrize("scope", [{}, {WHOLE: True}])
def test_a_body_of_just_the_limit_passes(scope: Scope) -> None:
    assert read([piece(b"x" * 8, more=False)], scope=scope) == (b"x" * 8, 0)


@pytest.mark.parametrize(
    ("scope", "messages"),
    [({}, [piece(b"half"), LEFT]), ({}, [LEFT]), ({WHOLE: True}, [LEFT])],
)
def test_half_a_body_is_no_body(scope: Scope, messages: list[Message]) -> None:
    with pytest.raises(ClientGone):
        read(messages, scope=scope)


@pytest.mark.parametrize(
    ("scope", "messages"),
    [
        ({WHOLE: True}, [piece(b"x" * 9, more=False)]),
        ({}, [piece(b"x" * 5), piece(b"x" * 4, more=False)]),
        ({}, [piece(b"x" * 33)]),  # more is coming, and is not waited for any longer
    ],
)
def test_a_body_over_the_limit_is_refused(scope: Scope, messages: list[Message]) -> None:
    with pytest.raises(Refused, match="max_body_mb") as refused:
        read(messages, scope=scope)
    assert (refused.value.status, refused.value.close) == (413, True)


def test_a_client_that_asks_first_is_refused_before_it_sends() -> None:
    fields = {b"expect": b"100-continue", b"content-length": b"9"}
    with pytest.raises(Refused) as refused:
        read([], fields=fields)  # would wait for ever if it asked for the body
    assert refused.value.status == 413


def test_a_body_that_stops_is_refused_with_what_came() -> None:
    with pytest.raises(Refused, match="after 3 bytes") as refused:
        read([piece(b"abc")], progress_timeout_s=0.001)
    assert refused.value.status == 408
