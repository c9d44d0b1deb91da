"""SWE-agent: `*.traj`, the history as it was sent to an OpenAI-compatible endpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tokenpak.simulate.conversation import Conversation
from tokenpak.simulate.formats.base import Format, as_dict, as_list, as_text
from tokenpak.simulate.source import Source
from tokenpak.transcript import Message

_ROLES = ("system", "user", "assistant", "tool")


def _claims(source: Source, head: list[Any]) -> bool:
    return not source.has_lines and {"trajectory", "history"} <= as_dict(head[0]).keys()


def _read(source: Source) -> Iterator[Conversation]:
    run = as_dict(source.value())
    by_agent: dict[str, list[Message]] = {}
    for entry in map(as_dict, as_list(run.get("history"))):
        message = _message(entry)
        if message is not None:
            by_agent.setdefault(str(entry.get("agent") or "primary"), []).append(message)
    for messages in by_agent.values():
        yield Conversation(
            project=as_text(run.get("environment")) or source.path.parent.name,
            agent="SWE-agent",
            wire="openai_chat",
            messages=messages,
            model=_model(run),
        )


def _message(entry: dict[str, Any]) -> Message | None:
    if entry.get("role") not in _ROLES or not isinstance(entry.get("content"), str | list):
        return None
    message: Message = {"role": entry["role"], "content": entry["content"]}
    if as_list(entry.get("tool_calls")):
        message["tool_calls"] = entry["tool_calls"]
    ids = as_list(entry.get("tool_call_ids"))
    if entry["role"] == "tool" and ids:
        message["tool_call_id"] = ids[0]
    return message


def _model(run: dict[str, Any]) -> str | None:
    config = run.get("replay_config")
    if isinstance(config, str):
        try:
            config = json.loads(config)
        except (ValueError, RecursionError):
            return None
    model = as_dict(as_dict(as_dict(config).get("agent")).get("model"))
    return as_text(model.get("name"))


FORMAT = Format("SWE-agent", _claims, _read)
