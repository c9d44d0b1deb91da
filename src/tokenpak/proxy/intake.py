"""Takes in a request's body: whole, within limits, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from tokenpak import protocol
from tokenpak.proxy.answers import Receive, Refused, Scope
from tokenpak.proxy.http_protocol import WHOLE

PROGRESS_TIMEOUT_S = 30.0
# A body over the limit is read and thrown away up to this many times the limit: a client that is
# still writing would otherwise see a reset in place of our answer.
_DRAIN_FACTOR = 4


class ClientGone(Exception):
    """The client left before its request was complete; nothing of it may be forwarded."""


async def read_body(
    scope: Scope,
    receive: Receive,
    fields: Mapping[bytes, bytes],
    max_bytes: int,
    *,
    progress_timeout_s: float = PROGRESS_TIMEOUT_S,
) -> bytes:
    """The whole body of a request.

    Raises ClientGone if the client leaves, Refused (413) beyond *max_bytes* and Refused (408) when
    no byte comes for *progress_timeout_s*.
    """
    if WHOLE in scope:
        # The usual case by far; a timeout that cannot strike would cost more than the reading.
        message = await receive()
        if message["type"] == "http.request" and len(message["body"]) <= max_bytes:
            body: bytes = message["body"]
            return body
        raise ClientGone if message["type"] == "http.disconnect" else _too_large(max_bytes)
    if fields.get(b"expect") and _declared(fields) > max_bytes:
        raise _too_large(max_bytes)  # not asking for the body leaves it unsent
    return await _read(receive, max_bytes, progress_timeout_s)


async def _read(receive: Receive, max_bytes: int, progress_timeout_s: float) -> bytes:
    message = None
    chunks: list[bytes] = []
    size = 0
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(progress_timeout_s) as deadline:
            while message is None or message.get("more_body", False):
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                chunk = message.get("body", b"")
                size += len(chunk)
                if size <= max_bytes:
                    chunks.append(chunk)
                elif size > max_bytes * _DRAIN_FACTOR:
                    raise _too_large(max_bytes)
                deadline.reschedule(loop.time() + progress_timeout_s)
    except TimeoutError:
        raise Refused(
            408,
            protocol.BODY_INCOMPLETE,
            f"the request's body stopped after {size} bytes and nothing came for "
            f"{progress_timeout_s:g} s; send it again",
            close=True,
        ) from None
    if size > max_bytes:
        raise _too_large(max_bytes)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _declared(fields: Mapping[bytes, bytes]) -> int:
    value = fields.get(b"content-length", b"")
    return int(value) if value.isdigit() else 0


def _too_large(max_bytes: int) -> Refused:
    return Refused(
        413,
        protocol.REFUSED,
        f"the request's body is larger than {max_bytes >> 20} MB; "
        "raise max_body_mb (TOKENPAK_MAX_BODY_MB) if that is intended",
        close=True,
    )
