"""Gemini CLI: `~/.gemini/tmp/<project>/chats/session-*.json`, and checkpoints beside them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from tokenpak.simulate.conversation import Conversation
from tokenpak.simulate.formats.base import Format, as_dict, as_list, as_text, as_time
from tokenpak.simulate.source import Source
from tokenpak.telemetry.conversations import shared
from tokenpak.transcript import Message


def _claims(source: Source, head: list[Any]) -> bool:
    if source.has_lines:
        return any("projectHash" in as_dict(each) for each in head)
    value = head[0]
    if _history(value):
        return True
    return "sessionId" in as_dict(value) and "messages" in as_dict(value)


def _history(value: Any) -> list[Any]:
    """The contents of a checkpoint, which is a list of them or holds one."""
    fields = as_dict(value)
    contents = (
        as_list(value)
        or as_list(fields.get("clientHistory"))
        or as_list(fields.get("history") if "toolCall" in fields else None)
    )
    return contents if contents and all("parts" in as_dict(each) for each in contents) else []


def _read(source: Source) -> Iterator[Conversation]:
    contents = [] if source.has_lines else _history(source.value())
    if contents:
        yield Conversation(_project(source), "Gemini CLI", "gemini", contents)
        return
    known: list[list[Message]] = []
    for records in _versions(source):
        found = _conversation(source, records)
        sent = max((shared(each, found.messages) for each in known), default=0)
        if len(found.messages) > sent:
            yield dataclasses.replace(found, sent=sent)
        known.append(list(found.messages))


def _versions(source: Source) -> Iterator[list[dict[str, Any]]]:
    """The messages of a chat: before each point at which it was rewritten or taken back, and at
    its end. In JSON lines a later line with the same id replaces the earlier."""
    if not source.has_lines:
        yield [as_dict(each) for each in as_list(as_dict(source.value()).get("messages"))]
        return
    found: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(map(as_dict, source.lines())):
        rewritten = as_dict(line.get("$set")).get("messages", line.get("messages"))
        back = as_text(line.get("$rewindTo"))
        if isinstance(rewritten, list) or back is not None:
            if found:
                yield list(found.values())
            if back is not None:
                ids = list(found)
                kept = ids[: ids.index(back)] if back in found else []
                found = {id: found[id] for id in kept}
            else:
                records = map(as_dict, as_list(rewritten))
                found = {str(each.get("id", at)): each for at, each in enumerate(records)}
        elif "type" in line:
            found[str(line.get("id", number))] = line
    if found:
        yield list(found.values())


def _conversation(source: Source, records: Sequence[dict[str, Any]]) -> Conversation:
    messages: list[Message] = []
    times: list[float | None] = []
    model = None
    told: set[str] = set()
    for record in records:
        model = as_text(record.get("model")) or model
        for message in _messages(record):
            # Newer versions note a result twice: with its call, and as a message of its own.
            parts = [part for part in message["parts"] if _is_new(part, told)]
            if parts:
                messages.append({**message, "parts": parts})
                times.append(as_time(record.get("timestamp")))
    return Conversation(_project(source), "Gemini CLI", "gemini", messages, model, times=times)


def _messages(record: dict[str, Any]) -> Iterator[Message]:
    """What one record stands for on the wire: an answer brings the results of its calls."""
    if record.get("type") not in ("user", "gemini"):
        return
    parts = _parts(record.get("content"))
    calls = [as_dict(each) for each in as_list(record.get("toolCalls"))]
    for call in calls:
        parts.append({"functionCall": {k: call[k] for k in ("id", "name", "args") if k in call}})
    if parts:
        yield {"role": "model" if record["type"] == "gemini" else "user", "parts": parts}
    results = [part for call in calls for part in _parts(call.get("result"))]
    if results:
        yield {"role": "user", "parts": results}


def _is_new(part: Any, told: set[str]) -> bool:
    """Whether *part* is no call or result that was *told* already; takes note of it."""
    for name in ("functionCall", "functionResponse"):
        id = as_dict(as_dict(part).get(name)).get("id")
        if isinstance(id, str):
            key = f"{name} {id}"
            is_new = key not in told
            told.add(key)
            return is_new
    return True


def _parts(content: Any) -> list[Any]:
    if isinstance(content, str):
        return [{"text": content}] if content else []
    return [{"text": each} if isinstance(each, str) else each for each in as_list(content)]


def _project(source: Source) -> str:
    folder = source.path.parent
    return folder.parent.name if folder.name in ("chats", "checkpoints") else folder.name


FORMAT = Format(
    "Gemini CLI",
    _claims,
    _read,
    (".gemini/tmp:*/chats/*.json*", ".gemini/tmp:*/checkpoint*.json"),
)
