"""Answers of our own, worded so that the client's SDK understands them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from tokenpak import protocol
from tokenpak.errors import TokenPakError
from tokenpak.proxy.fields import Header
from tokenpak.wire.adapter import Adapter

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

TIP_FIELDS: tuple[Header, ...] = (
    (protocol.HEADER_VERSION.lower().encode(), protocol.TIP_VERSION.encode()),
    (protocol.HEADER_PROFILE.lower().encode(), protocol.PROFILE.encode()),
    (protocol.HEADER_CAPABILITY.lower().encode(), ",".join(protocol.CAPABILITIES).encode()),
)
REQUEST_ID = protocol.HEADER_REQUEST_ID.lower().encode()
CACHE_ORIGIN = protocol.HEADER_CACHE_ORIGIN.lower().encode()


class Refused(TokenPakError):
    """A request that we answer ourselves; the message says what was found and what to do."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        fields: Sequence[Header] = (),
        close: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.fields = tuple(fields)
        self.close = close
        """Whether the connection cannot be used again, as part of the request is unread."""


def generic_body(code: str, message: str) -> bytes:
    """An error for clients of no known wire format."""
    return json.dumps({"error": {"code": code, "message": message}}).encode()


async def answer_error(
    send: Send, adapter: Adapter | None, refused: Refused, request_id: str
) -> None:
    """Send *refused* as a whole answer, in the shape of *adapter*'s wire format if there is one."""
    message = str(refused)
    if adapter is None:
        body = generic_body(refused.code, message)
    else:
        body = adapter.error_body(refused.status, refused.code, message)
    headers = [
        *refused.fields,
        *TIP_FIELDS,
        (REQUEST_ID, request_id.encode()),
        (CACHE_ORIGIN, b"unknown"),
    ]
    if refused.close:
        headers.append((b"connection", b"close"))
    await answer_json(send, refused.status, body, headers)


async def answer_json(send: Send, status: int, body: bytes, headers: Sequence[Header] = ()) -> None:
    """Send *body* as a whole JSON answer."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"application/json"),
                (b"content-length", b"%d" % len(body)),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})
