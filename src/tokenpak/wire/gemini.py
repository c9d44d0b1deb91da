"""Gemini: `POST …/models/MODEL:generateContent` and `:streamGenerateContent`."""

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
from tokenpak.wire.spans import BRACE, QUOTE, Value, is_true, items, members, parse, span, string
from tokenpak.wire.usage import Usage, reader_for, tokens

# Also of Vertex AI, of tuned models, and `/v1internal:` of the command line's own sign-in.
_PATH = re.compile(r"/(?:(?:m|tunedM)odels/([^/:]+)|[^/:]+):(g|streamG)enerateContent$")

_RESULT_KEYS = ("output", "result", "content", "error")
"""Where tools put their text by the conventions of Google's own clients."""

_ROLES = {"model": "assistant", "user": "user", "function": "tool", None: "user"}

# https://cloud.google.com/apis/design/errors
_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    504: "DEADLINE_EXCEEDED",
}


class Gemini:
    """The adapter of Gemini, on Google's AI Studio and on Vertex AI."""

    name = "gemini"

    def matches(self, path: str) -> bool:
        return _PATH.search(path) is not None

    def decode_request(
        self, body: bytes, path: str = "", known: Prefixes = NONE
    ) -> CanonicalRequest:
        top = parse(body)
        model = string(body, top.get("model"))
        if "contents" not in top and "request" in top:
            top = members(top["request"]) or {}
        contents = _listed(body, top.get("contents"))
        if contents is None:
            raise WireError("`contents` is not a list, expected a Gemini request")
        reading = Reading(body)
        reading.cache_marked = _either(top, "cachedContent", "cached_content") is not None
        system = _either(top, "systemInstruction", "system_instruction")
        if system is not None:
            _content(reading, -1, system)
        for index, content in enumerate(contents):
            _content(reading, index, content)
        found = _PATH.search(path)
        return CanonicalRequest(
            self.name,
            model or (found[1] if found else None),
            found is not None and found[2] == "streamG",
            tuple(reading.parts),
            _tools(body, top.get("tools")),
            reading.cache_marked,
            span(top.get("tools")),
        )

    def reader(self, content_type: str) -> UsageReader:
        return reader_for(content_type, USAGE)

    def error_body(self, status: int, code: str, message: str) -> bytes:
        name = _STATUSES.get(status, "INVALID_ARGUMENT" if status < 500 else "UNAVAILABLE")
        reason = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": code}
        error = {"code": status, "message": message, "status": name, "details": [reason]}
        return json.dumps({"error": error}).encode()


def _either(fields: Mapping[str, Value], camel: str, snake: str) -> Value | None:
    """The field under either of the two names that Google's JSON accepts; none if under both."""
    if camel in fields and snake in fields:
        return None
    return fields.get(camel) or fields.get(snake)


def _listed(body: bytes, value: Value | None) -> list[Value] | None:
    """The items of a list; one object counts as a list of itself, as it does for Google."""
    if value is None:
        return None
    return [value] if body[value[0]] == BRACE else items(value)


def _content(reading: Reading, index: int, content: Value) -> None:
    body = reading.body
    if index < 0 and body[content[0]] == QUOTE:
        reading.text("system", "system", index, content)
        return
    fields = members(content)
    parts = _listed(body, fields.get("parts")) if fields else None
    if fields is None or parts is None:
        reading.opaque("other", "", index, content)
        return
    said = string(body, fields.get("role"))
    role = "system" if index < 0 else _ROLES.get(said, said or "")
    for part in parts:
        _part(reading, role, index, part)


def _part(reading: Reading, role: str, index: int, part: Value) -> None:
    body = reading.body
    fields = members(part) or {}
    call = _either(fields, "functionCall", "function_call")
    response = _either(fields, "functionResponse", "function_response")
    if is_true(body, fields.get("thought")):
        reading.opaque("thinking", role, index, part)
    elif _either(fields, "thoughtSignature", "thought_signature") is not None and call is None:
        reading.opaque("other", role, index, part)  # the signature may cover its text
    elif "text" in fields:
        reading.text(KIND_OF_ROLE.get(role, "other"), role, index, fields["text"])
    elif call is not None:
        _call(reading, role, index, call)
    elif response is not None:
        _response(reading, role, index, response)
    else:
        image = _either(fields, "inlineData", "inline_data") is not None
        reading.opaque("image" if image else "other", role, index, part)


def _call(reading: Reading, role: str, index: int, call: Value) -> None:
    fields = members(call) or {}
    body = reading.body
    name, call_id = string(body, fields.get("name")), string(body, fields.get("id"))
    reading.call(role, index, fields.get("args") or call, name, call_id)


def _response(reading: Reading, role: str, index: int, value: Value) -> None:
    body = reading.body
    fields = members(value) or {}
    name, call_id = string(body, fields.get("name")), string(body, fields.get("id"))
    call = reading.answered(call_id, name)
    inner = members(fields["response"]) if "response" in fields else None
    texts = [
        each
        for key, each in (inner or {}).items()
        if key in _RESULT_KEYS and body[each[0]] == QUOTE
    ]
    for each in texts:
        reading.result(role, index, each, call, call_id, name)
    if not texts:
        reading.opaque("other", role, index, value)


def _tools(body: bytes, tools: Value | None) -> tuple[str, ...]:
    names = []
    for tool in _listed(body, tools) or ():
        declared = _either(members(tool) or {}, "functionDeclarations", "function_declarations")
        for function in _listed(body, declared) or ():
            name = string(body, (members(function) or {}).get("name"))
            if name is not None:
                names.append(name)
    return tuple(names)


def _find(event: Mapping[str, Any]) -> Any:
    response = event.get("response")  # `/v1internal:` wraps each event
    return (response if isinstance(response, dict) else event).get("usageMetadata")


def _canonical(found: Mapping[str, Any]) -> CanonicalUsage:
    prompt, by_tools = tokens(found, "promptTokenCount"), tokens(found, "toolUsePromptTokenCount")
    answer, thoughts = tokens(found, "candidatesTokenCount"), tokens(found, "thoughtsTokenCount")
    return CanonicalUsage(
        input_tokens=_sum(prompt, by_tools),
        output_tokens=_sum(answer, thoughts),
        cache_read_tokens=tokens(found, "cachedContentTokenCount"),
        reasoning_tokens=thoughts,
    )


def _sum(*counts: int | None) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


USAGE = Usage(
    re.compile(rb'"usageMetadata"\s*:\s*\{'),
    _find,
    _canonical,
    re.compile(rb'"finishReason"\s*:\s*"'),
)
