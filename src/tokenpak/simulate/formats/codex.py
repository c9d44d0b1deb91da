"""Codex: `~/.codex/sessions/YYYY/MM/DD/rollout-*.jsonl`, the items of OpenAI Responses by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tokenpak.simulate.conversation import Conversation
from tokenpak.simulate.formats.base import Format, as_dict, as_list, as_text, as_time, named
from tokenpak.simulate.source import Source

# Other items are notes of the program to itself.
_SENT = frozenset(
    {"message", "reasoning", "function_call", "function_call_output", "custom_tool_call",
     "custom_tool_call_output", "local_shell_call", "local_shell_call_output", "web_search_call"}
)  # fmt: skip


@dataclass(slots=True)
class _Rollout:
    """What has been read of the conversation so far."""

    folder: str | None = None
    model: str | None = None
    system: str | None = None
    items: list[dict[str, Any]] = field(default_factory=list)
    times: list[float | None] = field(default_factory=list)

    def add(self, item: dict[str, Any], time: float | None) -> None:
        if str(item.get("type", "message")) in _SENT:
            self.items.append(item)
            self.times.append(time)


def _claims(source: Source, head: list[Any]) -> bool:
    entries = [as_dict(each) for each in head]
    if not source.has_lines or not entries:
        return False
    if any(each.get("type") in ("session_meta", "response_item") for each in entries):
        return True
    # Versions of early 2025 wrote the items bare, after a line about the session.
    first = entries[0]
    return {"id", "timestamp"} <= first.keys() and "type" not in first and "messages" not in first


def _read(source: Source) -> Iterator[Conversation]:
    rollout = _Rollout()
    for entry in map(as_dict, source.lines()):
        payload, kind = as_dict(entry.get("payload")), entry.get("type")
        time = as_time(entry.get("timestamp"))
        if kind == "response_item":
            rollout.add(payload, time)
        elif kind in ("session_meta", None):
            _note_session(rollout, payload or entry)
        elif kind == "turn_context":
            rollout.model = as_text(payload.get("model")) or rollout.model
            rollout.folder = as_text(payload.get("cwd")) or rollout.folder
        elif kind == "compacted":
            yield from _conversation(source, rollout)
            history = as_list(payload.get("replacement_history")) or _compacted(rollout, payload)
            rollout.items, rollout.times = [], []
            for item in history:
                rollout.add(as_dict(item), time)
        elif not payload:
            rollout.add(entry, time)
    yield from _conversation(source, rollout)


def _note_session(rollout: _Rollout, meta: dict[str, Any]) -> None:
    if "record_type" in meta:
        return
    rollout.folder = as_text(meta.get("cwd")) or rollout.folder
    base = as_dict(meta.get("base_instructions")).get("text")
    rollout.system = as_text(base) or as_text(meta.get("instructions")) or rollout.system


def _compacted(rollout: _Rollout, payload: dict[str, Any]) -> list[dict[str, Any]]:
    """What Codex goes on with where the line does not list it: the user's words and a summary."""
    text = as_text(payload.get("message")) or ""
    content = [{"type": "input_text", "text": text}]
    return [
        *(item for item in rollout.items if item.get("role") == "user"),
        {"type": "message", "role": "user", "content": content},
    ]


def _conversation(source: Source, rollout: _Rollout) -> Iterator[Conversation]:
    if rollout.items:
        yield Conversation(
            project=named(rollout.folder, source.path),
            agent="Codex",
            wire="openai_responses",
            messages=rollout.items,
            model=rollout.model,
            system=rollout.system,
            times=rollout.times,
        )


FORMAT = Format("Codex", _claims, _read, (".codex/sessions:**/rollout-*.jsonl",))
