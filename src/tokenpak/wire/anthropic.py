"""Anthropic Messages: `POST /v1/messages`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from tokenpak.canonical import CanonicalRequest, CanonicalUsage
from tokenpak.errors import WireError
from tokenpak.wire.adapter import UsageReader
from tokenpak.wire.prefixes import NONE, Prefixes
from tokenpak.wire.reading import KIND_OF_ROLE, Reading
from tokenpak.wire.spans import BRACKET, Object, Value, is_true, objects, span, string
from tokenpak.wire.usage import Usage, reader_for, tokens

# Without `/count_tokens` and `/batches`: they are answered by the provider as they came.
_PATH = re.compile(r"(?:^|/)v1/messages/?$")

# https://docs.anthropic.com/en/api/errors
_ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


class Anthropic:
    """The adapter of Anthropic Messages."""

    name = "anthropic"

    def matches(self, path: str) -> bool:
        return _PATH.search(path) is not None

    def decode_request(
        self, body: bytes, path: str = "", known: Prefixes = NONE
    ) -> CanonicalRequest:
        opened = known.open(self.name, "messages", body)
        if opened.messages is None:
            raise WireError("`messages` is not a list, expected an Anthropic Messages request")
        top, reading, head = opened.top, opened.reading, Reading(body)
        if "system" in top:
            _content(head, "system", -1, top["system"])
        for index, message in opened.unread():
            _message(reading, index, message)
        tools = _tools(head, top.get("tools"))
        return CanonicalRequest(
            self.name,
            string(body, top.get("model")),
            is_true(body, top.get("stream")),
            (*head.parts, *reading.parts),
            tools,
            "cache_control" in top or head.cache_marked or reading.cache_marked,
            span(top.get("tools")),
        )

    def reader(self, content_type: str) -> UsageReader:
        return reader_for(content_type, USAGE)

    def error_body(self, status: int, code: str, message: str) -> bytes:
        kind = _ERROR_TYPES.get(status, "invalid_request_error" if status < 500 else "api_error")
        error = {"type": kind, "message": message, "code": code}
        return json.dumps({"type": "error", "error": error}).encode()


def _message(reading: Reading, index: int, message: Object) -> None:
    fields = message[2]
    role = string(reading.body, fields.get("role")) if fields else None
    if fields is None or role is None:
        reading.opaque("other", "", index, message)
    elif "content" in fields:
        _content(reading, role, index, fields["content"])


def _content(reading: Reading, role: str, index: int, content: Value) -> None:
    if reading.body[content[0]] != BRACKET:
        reading.text(KIND_OF_ROLE.get(role, "other"), role, index, content)
        return
    for block in objects(content) or ():
        _block(reading, role, index, block)


def _block(reading: Reading, role: str, index: int, block: Object) -> None:
    body = reading.body
    fields = block[2]
    if fields is None:
        reading.opaque("other", role, index, block)
        return
    if "cache_control" in fields:
        reading.cache_marked = True
    kind = string(body, fields.get("type"))
    if kind == "text" and "text" in fields:
        reading.text(KIND_OF_ROLE.get(role, "other"), role, index, fields["text"])
    elif kind == "tool_use" and "input" in fields:
        name, call_id = string(body, fields.get("name")), string(body, fields.get("id"))
        reading.call(role, index, fields["input"], name, call_id)
    elif kind == "tool_result":
        _result(reading, role, index, fields)
    elif kind in ("thinking", "redacted_thinking"):
        reading.opaque("thinking", role, index, block)
    else:
        reading.opaque("image" if kind == "image" else "other", role, index, block)


def _result(reading: Reading, role: str, index: int, fields: Mapping[str, Value]) -> None:
    if "content" not in fields:
        return
    body, content = reading.body, fields["content"]
    call_id = string(body, fields.get("tool_use_id"))
    call = reading.answered(call_id)
    if body[content[0]] != BRACKET:
        reading.result(role, index, content, call, call_id)
        return
    for block in objects(content) or ():
        inner = block[2]
        kind = string(body, inner.get("type")) if inner else None
        if inner is not None and "cache_control" in inner:
            reading.cache_marked = True
        if inner is not None and kind == "text" and "text" in inner:
            reading.result(role, index, inner["text"], call, call_id)
        else:
            reading.opaque("image" if kind == "image" else "other", role, index, block)


def _tools(reading: Reading, tools: Value | None) -> tuple[str, ...]:
    names = []
    for tool in objects(tools) or () if tools else ():
        fields = tool[2] or {}
        if "cache_control" in fields:
            reading.cache_marked = True
        name = string(reading.body, fields.get("name"))
        if name is not None:
            names.append(name)
    return tuple(names)


def _find(event: Mapping[str, Any]) -> Any:
    message = event.get("message")  # of the event `message_start`
    return message.get("usage") if isinstance(message, dict) else event.get("usage")


def _canonical(found: Mapping[str, Any]) -> CanonicalUsage:
    fresh = tokens(found, "input_tokens")
    read = tokens(found, "cache_read_input_tokens")
    written = tokens(found, "cache_creation_input_tokens")
    return CanonicalUsage(
        # Anthropic counts what the cache served or stored apart from `input_tokens`.
        input_tokens=None if fresh is None else fresh + (read or 0) + (written or 0),
        output_tokens=tokens(found, "output_tokens"),
        cache_read_tokens=read,
        cache_write_tokens=written,
        cache_write_1h_tokens=tokens(found, "cache_creation", "ephemeral_1h_input_tokens"),
    )


USAGE = Usage(
    re.compile(rb'"usage"\s*:\s*\{'), _find, _canonical, re.compile(rb'"type"\s*:\s*"message_stop"')
)
