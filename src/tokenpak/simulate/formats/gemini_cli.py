"""Gemini CLI: `~/.gemini/tmp/<project>/chats/session-*.json`, and checkpoints beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tokenpak.simulate.conversation import Conversation
from tokenpak.simulate.formats.base import Format, as_dict, as_list, as_text, as_time
from tokenpak.simulate.source import Source
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
    records = _records(source)
    messages: list[Message] = []
    times: list[float | None] = []
    model = None
    for record in records:
        model = as_text(record.get("model")) or model
        for message in _messages(record):
            messages.append(message)
            times.append(as_time(record.get("timestamp")))
    if messages:
        yield Conversation(_project(source), "Gemini CLI", "gemini", messages, model, times=times)


def _records(source: Source) -> list[dict[str, Any]]:
    """The messages of a chat; in JSON lines a later line with the same id replaces the earlier."""
    if not source.has_lines:
        return [as_dict(each) for each in as_list(as_dict(source.value()).get("messages"))]
    found: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(map(as_dict, source.lines())):
        if "type" in line:
            found[str(line.get("id", number))] = line
    return list(found.values())


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
