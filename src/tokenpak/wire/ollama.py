"""Ollama: `POST /api/chat` and `POST /api/generate`."""

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
from tokenpak.wire.spans import QUOTE, Value, is_true, items, members, parse, span, string
from tokenpak.wire.usage import Usage, reader_for, tokens

_PATH = re.compile(r"(?:^|/)api/(?:chat|generate)/?$")


class Ollama:
    """The adapter of Ollama's own API."""

    name = "ollama"

    def matches(self, path: str) -> bool:
        return _PATH.search(path) is not None

    def decode_request(
        self, body: bytes, path: str = "", known: Prefixes = NONE
    ) -> CanonicalRequest:
        top = parse(body)
        reading = Reading(body)
        if "messages" in top:
            _messages(reading, top["messages"])
        elif "prompt" in top:
            _generate(reading, top)
        else:
            raise WireError("neither `messages` nor `prompt` is there, expected an Ollama request")
        return CanonicalRequest(
            self.name,
            string(body, top.get("model")),
            is_true(body, top.get("stream"), absent=True),
            tuple(reading.parts),
            _tools(body, top.get("tools")),
            tools_span=span(top.get("tools")),
        )

    def reader(self, content_type: str) -> UsageReader:
        return reader_for(content_type, USAGE)

    def error_body(self, status: int, code: str, message: str) -> bytes:
        return json.dumps({"error": f"{message} ({code})"}).encode()


def _messages(reading: Reading, value: Value) -> None:
    messages = items(value)
    if messages is None:
        raise WireError("`messages` is not a list, expected an Ollama chat request")
    for index, message in enumerate(messages):
        _message(reading, index, message)


def _generate(reading: Reading, top: Mapping[str, Value]) -> None:
    if "system" in top:
        reading.text("system", "system", -1, top["system"])
    if reading.body[top["prompt"][0]] != QUOTE:
        raise WireError("`prompt` is not a text, expected an Ollama generate request")
    reading.text("text", "user", 0, top["prompt"])
    _images(reading, "user", 0, top)


def _message(reading: Reading, index: int, message: Value) -> None:
    body = reading.body
    fields = members(message)
    role = string(body, fields.get("role")) if fields else None
    if fields is None or role is None:
        reading.opaque("other", "", index, message)
        return
    if "thinking" in fields:
        reading.opaque("thinking", role, index, fields["thinking"])
    content = fields.get("content")
    if role == "tool" and content is not None:
        name = string(body, fields.get("tool_name") or fields.get("name"))
        call_id = string(body, fields.get("tool_call_id"))
        call = reading.answered(call_id, name)
        reading.result(role, index, content, call, call_id, name)
    elif content is not None:
        reading.text(KIND_OF_ROLE.get(role, "other"), role, index, content)
    _images(reading, role, index, fields)
    for call_value in items(fields["tool_calls"]) or () if "tool_calls" in fields else ():
        _call(reading, role, index, call_value)


def _images(reading: Reading, role: str, index: int, fields: Mapping[str, Value]) -> None:
    for image in items(fields["images"]) or () if "images" in fields else ():
        reading.opaque("image", role, index, image)


def _call(reading: Reading, role: str, index: int, value: Value) -> None:
    fields = members(value) or {}
    function = members(fields["function"]) if "function" in fields else None
    if function is None or "arguments" not in function:
        reading.opaque("other", role, index, value)
        return
    body = reading.body
    name, call_id = string(body, function.get("name")), string(body, fields.get("id"))
    reading.call(role, index, function["arguments"], name, call_id)


def _tools(body: bytes, tools: Value | None) -> tuple[str, ...]:
    names = []
    for tool in items(tools) or () if tools else ():
        function = (members(tool) or {}).get("function")
        name = string(body, (members(function) or {}).get("name")) if function else None
        if name is not None:
            names.append(name)
    return tuple(names)


def _find(event: Mapping[str, Any]) -> Any:
    return {key: event[key] for key in ("prompt_eval_count", "eval_count") if key in event}


def _canonical(found: Mapping[str, Any]) -> CanonicalUsage:
    return CanonicalUsage(
        input_tokens=tokens(found, "prompt_eval_count"),
        output_tokens=tokens(found, "eval_count"),
    )


USAGE = Usage(
    re.compile(rb'"(?:prompt_)?eval_count"\s*:\s*\d'),
    _find,
    _canonical,
    re.compile(rb'"done"\s*:\s*true'),
)
