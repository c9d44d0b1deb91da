"""OpenAI Chat Completions: `POST /v1/chat/completions`, also of the many that imitate it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tokenpak.canonical import CanonicalRequest, CanonicalUsage, Part
from tokenpak.errors import WireError
from tokenpak.wire.adapter import UsageReader
from tokenpak.wire.openai_error import openai_error
from tokenpak.wire.prefixes import NONE, Prefixes
from tokenpak.wire.reading import KIND_OF_ROLE, Reading
from tokenpak.wire.spans import (
    BRACKET,
    QUOTE,
    Object,
    Value,
    is_true,
    items,
    members,
    objects,
    span,
    string,
)
from tokenpak.wire.usage import Usage, reader_for, tokens

_PATH = re.compile(r"(?:^|/)chat/completions/?$")
_RESULT_ROLES = ("tool", "function")


class OpenAIChat:
    """The adapter of OpenAI Chat Completions."""

    name = "openai_chat"

    def matches(self, path: str) -> bool:
        return _PATH.search(path) is not None

    def decode_request(
        self, body: bytes, path: str = "", known: Prefixes = NONE
    ) -> CanonicalRequest:
        opened = known.open(self.name, "messages", body)
        if opened.messages is None:
            raise WireError("`messages` is not a list, expected an OpenAI Chat request")
        top, reading = opened.top, opened.reading
        for index, message in opened.unread():
            _message(reading, index, message)
        return CanonicalRequest(
            self.name,
            string(body, top.get("model")),
            is_true(body, top.get("stream")),
            tuple(reading.parts),
            (*_tools(reading, top.get("tools")), *_functions(body, top.get("functions"))),
            reading.cache_marked,
            span(top.get("tools")),
        )

    def reader(self, content_type: str) -> UsageReader:
        return reader_for(content_type, USAGE)

    def error_body(self, status: int, code: str, message: str) -> bytes:
        return openai_error(status, code, message)


def _message(reading: Reading, index: int, message: Object) -> None:
    body = reading.body
    fields = message[2]
    role = string(body, fields.get("role")) if fields else None
    if fields is None or role is None:
        reading.opaque("other", "", index, message)
        return
    if "cache_control" in fields:  # an extension of several gateways, as in Anthropic's format
        reading.cache_marked = True
    for key in ("reasoning_content", "reasoning"):
        if key in fields:
            reading.opaque("thinking", role, index, fields[key])
    if role in _RESULT_ROLES:
        call_id = string(body, fields.get("tool_call_id"))
        name = string(body, fields.get("name"))
        call = reading.answered(call_id, name)
        _content(reading, role, index, fields, (call, call_id, name))
    else:
        _content(reading, role, index, fields, None)
    for call_value in items(fields["tool_calls"]) or () if "tool_calls" in fields else ():
        _call(reading, role, index, call_value)
    if "function_call" in fields:
        _function(reading, role, index, fields["function_call"], None)


_Answer = tuple[Part | None, str | None, str | None]


def _content(
    reading: Reading, role: str, index: int, fields: Mapping[str, Value], answer: _Answer | None
) -> None:
    content = fields.get("content")
    if content is None:
        return
    first = reading.body[content[0]]
    if first == QUOTE:
        _text(reading, role, index, content, answer)
    elif first == BRACKET:
        for piece in objects(content) or ():
            _piece(reading, role, index, piece, answer)
    elif reading.body[content[0] : content[1]] != b"null":
        reading.opaque("other", role, index, content)


def _piece(reading: Reading, role: str, index: int, piece: Object, answer: _Answer | None) -> None:
    fields = piece[2]
    kind = string(reading.body, fields.get("type")) if fields else None
    if fields is not None and "cache_control" in fields:
        reading.cache_marked = True
    if fields is not None and kind == "text" and "text" in fields:
        _text(reading, role, index, fields["text"], answer)
    else:
        reading.opaque("image" if kind == "image_url" else "other", role, index, piece)


def _text(reading: Reading, role: str, index: int, value: Value, answer: _Answer | None) -> None:
    if answer is None:
        reading.text(KIND_OF_ROLE.get(role, "other"), role, index, value)
    else:
        call, call_id, name = answer
        reading.result(role, index, value, call, call_id, name)


def _call(reading: Reading, role: str, index: int, value: Value) -> None:
    fields = members(value) or {}
    call_id = string(reading.body, fields.get("id"))
    if "function" in fields:
        _function(reading, role, index, fields["function"], call_id)
    elif "custom" in fields:
        _function(reading, role, index, fields["custom"], call_id)
    else:
        reading.opaque("other", role, index, value)


def _function(reading: Reading, role: str, index: int, value: Value, call_id: str | None) -> None:
    fields = members(value) or {}
    given = fields.get("arguments") or fields.get("input")
    if given is None:
        reading.opaque("other", role, index, value)
    else:
        reading.call(role, index, given, string(reading.body, fields.get("name")), call_id)


def _tools(reading: Reading, tools: Value | None) -> tuple[str, ...]:
    names = []
    for tool in items(tools) or () if tools else ():
        fields = members(tool) or {}
        if "cache_control" in fields:
            reading.cache_marked = True
        inner = fields.get("function") or fields.get("custom")
        name = string(reading.body, (members(inner) or {}).get("name")) if inner else None
        if name is not None:
            names.append(name)
    return tuple(names)


def _functions(body: bytes, functions: Value | None) -> tuple[str, ...]:
    found = items(functions) or () if functions else ()
    names = (string(body, (members(each) or {}).get("name")) for each in found)
    return tuple(name for name in names if name is not None)


def _find(event: Mapping[str, Any]) -> Any:
    return event.get("usage")


def _canonical(found: Mapping[str, Any]) -> CanonicalUsage:
    return CanonicalUsage(
        input_tokens=tokens(found, "prompt_tokens"),
        output_tokens=tokens(found, "completion_tokens"),
        cache_read_tokens=tokens(found, "prompt_tokens_details", "cached_tokens"),
        cache_write_tokens=tokens(found, "prompt_tokens_details", "cache_write_tokens"),
        reasoning_tokens=tokens(found, "completion_tokens_details", "reasoning_tokens"),
    )


USAGE = Usage(re.compile(rb'"usage"\s*:\s*\{'), _find, _canonical, re.compile(rb"\A\[DONE\]\s*\Z"))
