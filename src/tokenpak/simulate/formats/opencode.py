"""OpenCode: `~/.local/share/opencode/opencode.db`; until 1.1 `storage/{session,message,part}`
beside it, one small file a piece."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from tokenpak.errors import WireError
from tokenpak.simulate.conversation import Conversation
from tokenpak.simulate.formats.base import Format, as_dict, as_list, as_text, as_time, named
from tokenpak.simulate.source import Source
from tokenpak.transcript import Message

_Record = tuple[dict[str, Any], list[dict[str, Any]]]
"""A message, and its parts in their order."""
_TABLES = {"session", "message", "part"}


def _claims(source: Source, head: list[Any]) -> bool:
    if source.is_database:
        names = "SELECT name FROM sqlite_master WHERE type = 'table'"
        try:
            with closing(_opened(source.path)) as database:
                return {name for (name,) in database.execute(names)} >= _TABLES
        except sqlite3.Error:
            return False
    value = as_dict(head[0])
    return not source.has_lines and "projectID" in value and "id" in value and "time" in value


def _read(source: Source) -> Iterator[Conversation]:
    if source.is_database:
        try:
            yield from _database(source)
        except sqlite3.Error as error:
            raise WireError(f"the database cannot be read: {error}") from error
        return
    session = as_dict(source.value())
    storage = _storage(source.path)
    records = (
        (record, list(_files(source, storage / "part" / str(record.get("id")))))
        for record in _files(source, storage / "message" / str(session["id"]))
    )
    yield from _session(source, as_text(session.get("directory")), records)


def _database(source: Source) -> Iterator[Conversation]:
    with closing(_opened(source.path)) as database:
        for id, folder in database.execute("SELECT id, directory FROM session ORDER BY id"):
            found: dict[str, _Record] = {}
            of_session = " FROM {} WHERE session_id = ? ORDER BY id"
            for row in database.execute("SELECT id, data" + of_session.format("message"), (id,)):
                found[row[0]] = _object(source, row[1]), []
            parts = "SELECT message_id, data" + of_session.format("part")
            for message, data in database.execute(parts, (id,)):
                if message in found:
                    found[message][1].append(_object(source, data))
            yield from _session(source, folder, found.values())


def _opened(path: Path) -> sqlite3.Connection:
    """*path*, to be read only; the agent may be writing to it."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _object(source: Source, data: Any) -> dict[str, Any]:
    try:
        return as_dict(json.loads(data))
    except (ValueError, TypeError, RecursionError):
        source.damaged.append(len(source.damaged) + 1)
        return {}


def _session(
    source: Source, folder: str | None, records: Iterable[_Record]
) -> Iterator[Conversation]:
    messages: list[Message] = []
    times: list[float | None] = []
    last: dict[str, Any] = {}
    for record, parts in records:
        # What stands before the summary of a compaction is not sent again.
        if record.get("summary") is True and messages:
            yield _conversation(source, folder, last, messages, times)
            messages, times = [], []
        last = record if record.get("role") == "assistant" else last
        for message in _messages(str(record.get("role")), parts):
            messages.append(message)
            times.append(as_time(as_dict(record.get("time")).get("created")))
    if messages:
        yield _conversation(source, folder, last, messages, times)


def _conversation(
    source: Source,
    folder: str | None,
    last: dict[str, Any],
    messages: list[Message],
    times: list[float | None],
) -> Conversation:
    system = [each for each in as_list(last.get("system")) if isinstance(each, str)]
    return Conversation(
        project=named(folder, source.path),
        agent="OpenCode",
        # The pieces are the same for every provider; this is the format that has a place for each.
        wire="anthropic",
        messages=messages,
        model=as_text(last.get("modelID")),
        system="\n".join(system) or None,
        times=times,
    )


def _storage(path: Path) -> Path:
    """The folder that holds `session`, `message` and `part`."""
    for folder in path.parents:
        if folder.name == "session":
            return folder.parent
    return path.parent


def _files(source: Source, folder: Path) -> Iterator[dict[str, Any]]:
    """The objects in *folder*, by the ids in their names, which ascend with time."""
    for number, path in enumerate(sorted(folder.glob("*.json")), 1):
        try:
            yield as_dict(json.loads(path.read_bytes()))
        except (OSError, ValueError, RecursionError):
            source.damaged.append(number)


def _messages(role: str, parts: list[dict[str, Any]]) -> Iterator[Message]:
    """A message of the user, or one pair of answer and results for each step of the agent."""
    if role != "assistant":
        texts = [part["text"] for part in parts if part.get("type") == "text" and part.get("text")]
        if texts:
            yield {"role": "user", "content": [{"type": "text", "text": each} for each in texts]}
        return
    steps: list[list[dict[str, Any]]] = [[]]
    for part in parts:
        if part.get("type") == "step-start":
            steps.append([])
        steps[-1].append(part)
    for step in steps:
        blocks = [block for part in step if (block := _block(part))]
        results = [_result(part) for part in step if part.get("type") == "tool"]
        if blocks:
            yield {"role": "assistant", "content": blocks}
        if results:
            yield {"role": "user", "content": results}


def _block(part: dict[str, Any]) -> dict[str, Any] | None:
    text = as_text(part.get("text"))
    if part.get("type") == "text" and text:
        return {"type": "text", "text": text}
    if part.get("type") == "reasoning" and text:
        return {"type": "thinking", "thinking": text}
    if part.get("type") == "tool":
        given = as_dict(as_dict(part.get("state")).get("input"))
        name, call_id = str(part.get("tool")), str(part.get("callID"))
        return {"type": "tool_use", "id": call_id, "name": name, "input": given}
    return None


def _result(part: dict[str, Any]) -> dict[str, Any]:
    state = as_dict(part.get("state"))
    text = as_text(state.get("output")) or as_text(state.get("error")) or ""
    return {"type": "tool_result", "tool_use_id": str(part.get("callID")), "content": text}


FORMAT = Format(
    "OpenCode",
    _claims,
    _read,
    (
        ".local/share/opencode:opencode.db",
        ".local/share/opencode/storage/session:**/*.json",
    ),
)
