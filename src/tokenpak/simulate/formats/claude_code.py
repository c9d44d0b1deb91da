"""Claude Code: `~/.claude/projects/<project>/<session>.jsonl`, sub-agents in the same or apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tokenpak.simulate.conversation import Conversation
from tokenpak.simulate.formats.base import Format, as_dict, named
from tokenpak.simulate.source import Source
from tokenpak.transcript import stretches

_TYPES = ("user", "assistant", "system", "summary", "file-history-snapshot", "queue-operation")


def _claims(source: Source, head: list[Any]) -> bool:
    entries = [as_dict(each) for each in head]
    return source.has_lines and any(
        each.get("type") in _TYPES and ({"sessionId", "uuid", "leafUuid", "message"} & each.keys())
        for each in entries
    )


def _read(source: Source) -> Iterator[Conversation]:
    entries = (each for each in source.lines() if isinstance(each, dict))
    for found in stretches(entries):
        yield Conversation(
            project=named(found.folder, source.path),
            agent="Claude Code sub-agent" if found.sub_agent else "Claude Code",
            wire="anthropic",
            messages=found.messages,
            model=found.model,
            times=found.times,
            sent=found.sent,
        )


FORMAT = Format("Claude Code", _claims, _read, (".claude/projects:**/*.jsonl",))
