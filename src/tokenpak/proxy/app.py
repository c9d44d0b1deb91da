"""The proxy as an ASGI application: guard, health, and everything else to the handler."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol

from tokenpak import wire
from tokenpak.compression.body import Compressor
from tokenpak.providers.catalog import Catalog
from tokenpak.proxy import identity
from tokenpak.proxy.answers import (
    REQUEST_ID,
    TIP_FIELDS,
    Receive,
    Refused,
    Scope,
    Send,
    answer_error,
    answer_json,
)
from tokenpak.proxy.guard import Guard
from tokenpak.proxy.handler import Handler
from tokenpak.proxy.health import Health
from tokenpak.proxy.intake import ClientGone, read_body
from tokenpak.proxy.upstream import Upstream
from tokenpak.settings import Settings
from tokenpak.telemetry.collector import Recorder

HEALTH_PATH = "/healthz"


class Control(Protocol):
    """Answers requests to TokenPak itself, at once and without reading a provider's data."""

    def handles(self, path: str) -> bool:
        """Whether *path* is one of its own."""

    def limit(self, method: str, path: str) -> int:
        """Bytes that the body of a request may have."""

    def answer(self, method: str, path: str, body: bytes, query: str) -> tuple[int, dict[str, Any]]:
        """Status and JSON body."""


class App:
    """Answers HTTP requests; lives between the start and the end of a server process."""

    def __init__(
        self,
        settings: Settings,
        *,
        catalog: Catalog,
        compressor: Compressor,
        recorder: Recorder | None,
        upstream: Upstream,
        control: Control | None = None,
    ) -> None:
        self._control = control
        self._guard = Guard(settings)
        self._handler = Handler(settings, catalog, compressor, recorder, upstream)
        self._health = Health(recorder)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fields = dict(scope["headers"])
        is_health = scope["path"] == HEALTH_PATH and scope["method"] in ("GET", "HEAD")
        try:
            self._guard.check_source(scope, fields)
            if is_health:
                # Whoever watches over the process need not know the token.
                full = self._guard.authorised(fields)
                await answer_json(send, 200, self._health.body(full=full), TIP_FIELDS)
                return
            self._guard.check_token(fields)
        except Refused as refused:
            await _refuse(scope, send, refused, fields)
            return
        if self._control is not None and self._control.handles(scope["path"]):
            await self._answer(self._control, scope, receive, send, fields)
            return
        await self._handler(scope, receive, send, fields)

    async def _answer(
        self,
        control: Control,
        scope: Scope,
        receive: Receive,
        send: Send,
        fields: Mapping[bytes, bytes],
    ) -> None:
        method, path = scope["method"], scope["path"]
        try:
            self._guard.check_same_origin(method, fields)
            body = await read_body(scope, receive, fields, control.limit(method, path))
        except Refused as refused:
            if refused.status == 413:
                limit = control.limit(method, path)
                told = f"{path} takes bodies of at most {limit:,} bytes"
                refused = Refused(413, refused.code, told, close=refused.close)
            await _refuse(scope, send, refused, fields)
            return
        except ClientGone:
            return
        query = scope["query_string"].decode("latin-1")
        work = partial(control.answer, method, path, body, query)
        status, answer = await asyncio.to_thread(work)
        # What a raw output holds is nobody's but the user's.
        headers = (*TIP_FIELDS, (b"cache-control", b"no-store"))
        await answer_json(send, status, json.dumps(answer).encode(), headers)


async def _refuse(
    scope: Scope, send: Send, refused: Refused, fields: Mapping[bytes, bytes]
) -> None:
    request_id = identity.request_id(fields.get(REQUEST_ID))
    await answer_error(send, wire.detect(scope["path"]), refused, request_id)
