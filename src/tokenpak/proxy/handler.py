"""One request from the client to the provider and back, in one straight function.

The only place where a failure of ours is caught: the client's own bytes go out, the flow names
the error.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from tokenpak import protocol, wire
from tokenpak.compression.body import Compressor, PackedBody
from tokenpak.errors import ConfigError, UpstreamError, UpstreamTimeout, WireError
from tokenpak.flow import Flow
from tokenpak.policy import Route
from tokenpak.providers.catalog import Catalog, Target
from tokenpak.proxy import identity
from tokenpak.proxy.answers import (
    CACHE_ORIGIN,
    REQUEST_ID,
    TIP_FIELDS,
    Receive,
    Refused,
    Scope,
    Send,
    answer_error,
)
from tokenpak.proxy.encodings import decode_body
from tokenpak.proxy.fields import Header, media_type, request_fields, response_fields
from tokenpak.proxy.http_protocol import NAMES
from tokenpak.proxy.intake import ClientGone, read_body
from tokenpak.proxy.stream import UsageTap, relay
from tokenpak.proxy.upstream import Response, Upstream
from tokenpak.settings import Settings
from tokenpak.telemetry.collector import Recorder
from tokenpak.wire.adapter import Adapter

logger = logging.getLogger("tokenpak.proxy")

_MODE = protocol.HEADER_MODE.lower().encode()
_RECIPE = protocol.HEADER_RECIPE.lower().encode()
_SAVINGS_TOKENS = protocol.HEADER_SAVINGS_TOKENS.lower().encode()
_COMPRESSION_MS = protocol.HEADER_COMPRESSION_MS.lower().encode()
# Smaller bodies are packed sooner than a thread is woken.
_INLINE_BYTES = 16 << 10
_BODILESS = frozenset((204, 304))


class UpstreamBroke(Exception):
    """The answer broke off after its head was sent: the client's connection has to end."""


class Handler:
    """Forwards requests; one per process."""

    def __init__(
        self,
        settings: Settings,
        catalog: Catalog,
        compressor: Compressor,
        recorder: Recorder | None,
        upstream: Upstream,
    ) -> None:
        self._catalog = catalog
        self._compressor = compressor
        self._recorder = recorder
        self._upstream = upstream
        self._max_bytes = settings.max_body_mb << 20

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send, fields: Mapping[bytes, bytes]
    ) -> None:
        """Forward one HTTP request; *fields* are its header fields, the last of each name.

        Raises UpstreamBroke where the client must see its answer cut off.
        """
        started = time.perf_counter()
        flow = _flow(scope, fields)
        adapter: Adapter | None = None
        tap: UsageTap | None = None
        packed: PackedBody | None = None
        try:
            target = self._target(scope, fields)
            flow.provider = target.provider
            adapter = wire.get_adapter(target.wire)
            spoken = wire.detect(target.path) if flow.method == "POST" else None
            adapter = spoken or adapter
            _refuse_upgrade(fields)
            body = await read_body(scope, receive, fields, self._max_bytes)
            flow.body_bytes = len(body)
            packed = await self._pack(flow, spoken, target, body, fields) if spoken else None
            sent = body if packed is None else packed.body
            flow.sent_bytes = len(sent)
            flow.sent_ms = (time.perf_counter() - started) * 1000
            response = await self._upstream.send(
                flow.method,
                target,
                _outgoing(scope, fields, sent, decoded=sent is not body),
                sent if _has_body(fields, sent) else None,
            )
            try:
                flow.status = response.status
                flow.first_byte_ms = (time.perf_counter() - started) * 1000
                await send(_head(response, flow, packed))
                tap = _tap(flow, spoken, response)
                await relay(response, send, partial(_observe, flow, tap) if tap else None)
            finally:
                response.close()
        except Refused as refused:
            flow.status, flow.error, flow.error_message = refused.status, refused.code, str(refused)
            await answer_error(send, adapter, refused, flow.request_id)
        except UpstreamError as error:
            await self._upstream_failed(send, adapter, flow, error)
        except (ClientGone, asyncio.CancelledError) as gone:
            # Codex, for one, hangs up on the last event and does not wait for the end.
            if tap is None or not tap.complete:
                flow.error = protocol.CLIENT_GONE
            if isinstance(gone, asyncio.CancelledError):
                raise
        except Exception as error:
            await _internal(send, adapter, flow, error)
        finally:
            flow.duration_ms = (time.perf_counter() - started) * 1000
            await self._finish(flow, tap, packed)

    def _target(self, scope: Scope, fields: Mapping[bytes, bytes]) -> Target:
        target = self._catalog.resolve(scope["raw_path"], scope["query_string"], fields)
        if target is None:
            raise Refused(
                404,
                protocol.NO_ROUTE,
                f"no provider is known for the path {scope['path']}; "
                f"known: {', '.join(self._catalog.prefixes())}",
            )
        return target

    async def _pack(
        self,
        flow: Flow,
        adapter: Adapter,
        target: Target,
        body: bytes,
        fields: Mapping[bytes, bytes],
    ) -> PackedBody | None:
        """The body as it shall go out; None if it goes out as it came, as we could not read it."""
        flow.wire = adapter.name
        mode = fields[_MODE].decode("latin-1") if _MODE in fields else None
        encoding = fields.get(b"content-encoding", b"").decode("latin-1")
        recipe = fields[_RECIPE].decode("latin-1") if _RECIPE in fields else None
        route = Route(target.provider, None, flow.client, recipe)
        work = partial(self._packed, adapter, target.path, body, encoding, mode, flow.local, route)
        try:
            if len(body) <= _INLINE_BYTES and not encoding:
                packed = work()
            else:
                packed = await asyncio.get_running_loop().run_in_executor(None, work)
        except ConfigError as error:
            raise Refused(400, protocol.REFUSED, str(error)) from error
        except WireError as error:
            _note(flow, protocol.WIRE_UNREADABLE, error)
            return None
        except Exception as error:
            _note(flow, protocol.COMPRESSION_FAILED, error)
            logger.exception("packing failed; the request went out as it came")
            return None
        request = packed.request
        flow.model, flow.stream, flow.mode = request.model, request.stream, packed.mode
        flow.cache_origin = "client" if request.cache_marked else "unknown"
        if packed.breakpoints:
            flow.cache_origin = "proxy"
        flow.trail, flow.breakpoints = packed.trail, packed.breakpoints
        flow.saved_tokens, flow.saved_by = packed.saved_tokens, packed.saved_by
        flow.cuts, flow.fetched = packed.cuts, packed.fetched
        flow.epochs = packed.epochs
        flow.engines, flow.combo = packed.engines, packed.combo
        flow.raw_outputs, flow.output_mode = packed.raw_outputs, packed.output_mode
        flow.stages, flow.compression_ms = packed.stages, packed.duration_ms
        return packed

    def _packed(
        self,
        adapter: Adapter,
        path: str,
        body: bytes,
        encoding: str,
        mode: str | None,
        local: bool,
        route: Route,
    ) -> PackedBody:
        if not encoding:
            return self._compressor.pack(adapter, path, body, mode, local=local, route=route)
        plain = decode_body(body, encoding, self._max_bytes)
        packed = self._compressor.pack(adapter, path, plain, mode, local=local, route=route)
        if packed.body != plain:
            return packed
        return replace(packed, body=body)

    async def _upstream_failed(
        self, send: Send, adapter: Adapter | None, flow: Flow, error: UpstreamError
    ) -> None:
        late = isinstance(error, UpstreamTimeout)
        flow.error_message = str(error)
        if flow.status is not None:
            flow.error = protocol.UPSTREAM_TIMEOUT if late else protocol.UPSTREAM_RESET
            raise UpstreamBroke(str(error)) from error
        flow.error = protocol.UPSTREAM_TIMEOUT if late else protocol.UNREACHABLE
        flow.status = error.status
        refused = Refused(error.status, flow.error, str(error))
        await answer_error(send, adapter, refused, flow.request_id)

    async def _finish(self, flow: Flow, tap: UsageTap | None, packed: PackedBody | None) -> None:
        """Record *flow*; its tokens are counted only now, as nobody waits any more."""
        try:
            told = self._recorder is not None or logger.isEnabledFor(logging.INFO)
            if told and packed is not None and flow.saved_tokens:
                count = partial(self._compressor.tokens_raw, packed.request)
                flow.tokens_raw = await asyncio.get_running_loop().run_in_executor(None, count)
                logger.info("compressed %s %s", flow.request_id, json.dumps(flow.stats()))
        except Exception as error:
            _note(flow, protocol.INTERNAL_ERROR, error)
        finally:
            self._record(flow, tap)

    def _record(self, flow: Flow, tap: UsageTap | None) -> None:
        if self._recorder is None:
            return
        try:
            flow.usage = tap.usage if tap is not None else None
        except Exception as error:
            _note(flow, protocol.INTERNAL_ERROR, error)
        self._recorder.record(flow)


def _flow(scope: Scope, fields: Mapping[bytes, bytes]) -> Flow:
    return Flow(
        request_id=identity.request_id(fields.get(REQUEST_ID)),
        started=time.time(),
        method=scope["method"],
        path=scope["path"],
        provider="",
        client=identity.client_name(fields.get(b"user-agent")),
        session_id=identity.session_id(fields),
        local=identity.is_local(scope.get("client"), fields),
    )


def _refuse_upgrade(fields: Mapping[bytes, bytes]) -> None:
    if fields.get(b"upgrade", b"").lower() == b"websocket":
        # 426, not 501: on it Codex, for one, goes on with plain requests.
        raise Refused(
            426,
            protocol.REFUSED,
            "WebSocket connections are not passed on; use plain HTTP requests, streaming included",
            close=True,
        )


def _has_body(fields: Mapping[bytes, bytes], body: bytes) -> bool:
    return bool(body) or b"content-length" in fields or b"transfer-encoding" in fields


def _outgoing(
    scope: Scope, fields: Mapping[bytes, bytes], body: bytes, *, decoded: bool
) -> list[Header]:
    headers = scope["headers"]
    names = scope.get(NAMES) or [name for name, _ in headers]
    length = len(body) if _has_body(fields, body) else None
    return request_fields(headers, names, length, decoded=decoded)


def _head(response: Response, flow: Flow, packed: PackedBody | None) -> dict[str, object]:
    headers: list[Header] = response_fields(response.fields, bodiless=response.status in _BODILESS)
    headers += TIP_FIELDS
    headers.append((REQUEST_ID, flow.request_id.encode()))
    headers.append((CACHE_ORIGIN, flow.cache_origin.encode()))
    if packed is not None:
        headers.append((_SAVINGS_TOKENS, b"%d" % flow.saved_tokens))
        headers.append((_COMPRESSION_MS, b"%.3f" % flow.compression_ms))
    return {"type": "http.response.start", "status": response.status, "headers": headers}


def _tap(flow: Flow, adapter: Adapter | None, response: Response) -> UsageTap | None:
    if adapter is None or response.status != 200:
        return None
    fields = {name.lower(): value for name, value in response.fields}
    encoding = fields.get(b"content-encoding", b"").decode("latin-1")
    try:
        return UsageTap(adapter, media_type(fields), encoding)
    except Exception as error:
        _note(flow, protocol.INTERNAL_ERROR, error)
        return None


def _observe(flow: Flow, tap: UsageTap, chunk: bytes) -> None:
    try:
        tap.feed(chunk)
    except Exception as error:
        tap.stop()
        _note(flow, protocol.INTERNAL_ERROR, error)


def _note(flow: Flow, code: str, error: Exception) -> None:
    """Name the first failure of ours; the request goes on."""
    if flow.error is None:
        flow.error, flow.error_message = code, f"{type(error).__name__}: {error}"


async def _internal(send: Send, adapter: Adapter | None, flow: Flow, error: Exception) -> None:
    logger.exception("request %s failed", flow.request_id)
    flow.error, flow.error_message = protocol.INTERNAL_ERROR, f"{type(error).__name__}: {error}"
    if flow.status is not None:
        raise UpstreamBroke("failed in the middle of an answer") from error
    flow.status = 500
    refused = Refused(
        500, protocol.INTERNAL_ERROR, "TokenPak failed on this request; its log says why"
    )
    await answer_error(send, adapter, refused, flow.request_id)
