"""OpenAI Responses: `POST /v1/responses`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tokenpak.canonical import CanonicalRequest, CanonicalUsage
from tokenpak.errors import WireError
from tokenpak.wire.adapter import UsageReader
from tokenpak.wire.openai_error import openai_error
from tokenpak.wire.prefixes import NONE, Prefixes
from tokenpak.wire.reading import KIND_OF_ROLE, Reading
from tokenpak.wire.spans import BRACKET, QUOTE, Object, Value, is_true, objects, span, string
from tokenpak.wire.usage import Usage, reader_for, tokens

_PATH = re.compile(r"(?:^|/)responses/?$")
_TEXTS = ("input_text", "output_text", "text")

_CALLS = {
    "function_call": ("arguments", None),
    "custom_tool_call": ("input", None),
    "local_shell_call": ("action", "local_shell"),
    "shell_call": ("action", "shell"),
    "apply_patch_call": ("operation", "apply_patch"),
}
"""Items that call a tool: the field with its input, and its name if the item tells none."""

_OUTPUTS = frozenset(f"{call}_output" for call in _CALLS)


class OpenAIResponses:
    """The adapter of OpenAI Responses."""

    name = "openai_responses"

    def matches(self, path: str) -> bool:
        return _PATH.search(path) is not None

    def decode_request(
        self, body: bytes, path: str = "", known: Prefixes = NONE
    ) -> CanonicalRequest:
        opened = known.open(self.name, "input", body)
        top, reading, head = opened.top, opened.reading, Reading(body)
        if "instructions" in top and body[top["instructions"][0]] == QUOTE:
            head.text("system", "system", -1, top["instructions"])
        given = top.get("input")
        if opened.messages is None and given is not None and body[given[0]] == QUOTE:
            reading.text("text", "user", 0, given)
        elif opened.messages is None:
            raise WireError("`input` is no text and no list, expected an OpenAI Responses request")
        for index, item in opened.unread():
            _item(reading, index, item)
        return CanonicalRequest(
            self.name,
            string(body, top.get("model")),
            is_true(body, top.get("stream")),
            (*head.parts, *reading.parts),
            _tools(body, top.get("tools")),
            reading.cache_marked,
            span(top.get("tools")),
        )

    def reader(self, content_type: str) -> UsageReader:
        return reader_for(content_type, USAGE)

    def error_body(self, status: int, code: str, message: str) -> bytes:
        return openai_error(status, code, message)


def _item(reading: Reading, index: int, item: Object) -> None:
    body = reading.body
    fields = item[2]
    if fields is None:
        reading.opaque("other", "", index, item)
        return
    role = string(body, fields.get("role")) or ""
    kind = string(body, fields.get("type")) or ("message" if role else "")
    if kind == "message" and "content" in fields:
        _message(reading, role, index, fields["content"])
    elif kind in _CALLS and _CALLS[kind][0] in fields:
        field, default = _CALLS[kind]
        name, call_id = string(body, fields.get("name")), string(body, fields.get("call_id"))
        reading.call("assistant", index, fields[field], name or default, call_id)
    elif kind in _OUTPUTS and "output" in fields:
        _output(reading, index, fields)
    elif kind == "reasoning":
        reading.opaque("thinking", "assistant", index, item)
    else:
        reading.opaque("other", role, index, item)


def _message(reading: Reading, role: str, index: int, content: Value) -> None:
    kind = KIND_OF_ROLE.get(role, "other")
    if reading.body[content[0]] != BRACKET:
        reading.text(kind, role, index, content)
        return
    for piece in objects(content) or ():
        fields = piece[2]
        named = string(reading.body, fields.get("type")) if fields else None
        if fields is not None and named in _TEXTS and "text" in fields:
            reading.text(kind, role, index, fields["text"])
        else:
            reading.opaque("image" if named == "input_image" else "other", role, index, piece)


def _output(reading: Reading, index: int, fields: Mapping[str, Value]) -> None:
    body, output = reading.body, fields["output"]
    call_id = string(body, fields.get("call_id"))
    call = reading.answered(call_id)
    if body[output[0]] != BRACKET:
        reading.result("tool", index, output, call, call_id)
        return
    for piece in objects(output) or ():
        inner = piece[2]
        named = string(body, inner.get("type")) if inner else None
        if inner is not None and named in _TEXTS and "text" in inner:
            reading.result("tool", index, inner["text"], call, call_id)
        else:
            reading.opaque("image" if named == "input_image" else "other", "tool", index, piece)


def _tools(body: bytes, tools: Value | None) -> tuple[str, ...]:
    names = []
    for tool in objects(tools) or () if tools else ():
        fields = tool[2] or {}
        # Built-in tools such as `local_shell` have a type in place of a name.
        name = string(body, fields.get("name")) or string(body, fields.get("type"))
        if name is not None:
            names.append(name)
    return tuple(names)


def _find(event: Mapping[str, Any]) -> Any:
    response = event.get("response")  # of the event `response.completed`
    return response.get("usage") if isinstance(response, dict) else event.get("usage")


def _canonical(found: Mapping[str, Any]) -> CanonicalUsage:
    return CanonicalUsage(
        input_tokens=tokens(found, "input_tokens"),
        output_tokens=tokens(found, "output_tokens"),
        cache_read_tokens=tokens(found, "input_tokens_details", "cached_tokens"),
        cache_write_tokens=tokens(found, "input_tokens_details", "cache_write_tokens"),
        reasoning_tokens=tokens(found, "output_tokens_details", "reasoning_tokens"),
    )


USAGE = Usage(
    re.compile(rb'"usage"\s*:\s*\{'),
    _find,
    _canonical,
    re.compile(rb'"type"\s*:\s*"response\.(?:completed|incomplete|failed)"'),
)
