"""Logs of requests: one body, a list of bodies or a body a line, in any wire format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xxhash import xxh3_128_digest

from tokenpak.simulate.conversation import Conversation, dump, list_field
from tokenpak.simulate.formats.base import Format, as_dict, as_list, as_text
from tokenpak.simulate.source import Source
from tokenpak.wire.shape import wire_of

_WRAPPERS = ("body", "request", "request_body", "requestBody", "json", "payload", "data")


def _claims(source: Source, head: list[Any]) -> bool:
    values = head if source.has_lines else as_list(head[0]) or head
    return any(_body(each) is not None for each in values)


def _read(source: Source) -> Iterator[Conversation]:
    """Each conversation once: a request that goes on from an earlier one takes its place."""
    values = (
        source.lines() if source.has_lines else iter(as_list(source.value()) or [source.value()])
    )
    open_: dict[bytes, tuple[dict[str, Any], str]] = {}
    for value in values:
        found = _body(value)
        if found is None:
            continue
        body, wire = found
        keys = _keys(body, wire)
        for key in reversed(keys):
            if key in open_:
                del open_[key]
                break
        if keys:
            open_[keys[-1]] = (body, wire)
    for body, wire in open_.values():
        yield _conversation(source, body, wire)


def _body(value: Any) -> tuple[dict[str, Any], str] | None:
    """The request in *value*, which may be wrapped in an entry of a log, and its format."""
    fields = as_dict(value)
    wire = wire_of(fields)
    if wire:
        inner = fields.get("request")  # Gemini's own sign-in wraps the request in this
        return (inner if wire == "gemini" and isinstance(inner, dict) else fields), wire
    for name in _WRAPPERS:
        wire = wire_of(as_dict(fields.get(name)))
        if wire:
            return fields[name], wire
    return None


def _list_of(body: Mapping[str, Any], wire: str) -> list[dict[str, Any]]:
    return [each for each in as_list(body.get(list_field(wire))) if isinstance(each, dict)]


def _keys(body: Mapping[str, Any], wire: str) -> list[bytes]:
    """A hash of every prefix of the messages, cache markers aside."""
    key, keys = wire.encode(), []
    for message in _list_of(body, wire):
        key = xxh3_128_digest(key + dump(_plain(message)))
        keys.append(key)
    return keys


def _plain(value: Any) -> Any:
    """*value* without cache markers; the moving marker turns a text into a list of one block."""
    if isinstance(value, dict):
        kept = {key: _plain(each) for key, each in value.items() if key != "cache_control"}
        content = kept.get("content")
        if isinstance(content, list) and len(content) == 1:
            block = as_dict(content[0])
            if block.keys() == {"type", "text"}:
                kept["content"] = block["text"]
        return kept
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _conversation(source: Source, body: dict[str, Any], wire: str) -> Conversation:
    system = body.get("system") or body.get("instructions")
    if wire == "gemini":
        system = body.get("systemInstruction") or body.get("system_instruction")
    return Conversation(
        project=source.path.parent.name,
        agent="requests",
        wire=wire,
        messages=_list_of(body, wire),
        model=as_text(body.get("model")),
        system=system or None,
        tools=as_list(body.get("tools")),
    )


FORMAT = Format("requests", _claims, _read)
