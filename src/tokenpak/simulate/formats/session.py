"""A plain session: one JSON object with `format`, `messages`, `system`, `tools` and `facts`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tokenpak.simulate.conversation import Conversation, Fact
from tokenpak.simulate.formats.base import Format, as_dict, as_list, as_text
from tokenpak.simulate.source import Source

_WIRES = {"anthropic": "anthropic", "openai": "openai_chat"}


def _claims(source: Source, head: list[Any]) -> bool:
    value = as_dict(head[0])
    return not source.has_lines and str(value.get("format")) in _WIRES and "messages" in value


def _read(source: Source) -> Iterator[Conversation]:
    value = as_dict(source.value())
    meta = as_dict(value.get("meta"))
    facts = value.get("facts")
    yield Conversation(
        project=as_text(meta.get("source_repo")) or source.path.parent.name,
        agent=as_text(meta.get("agent")) or as_text(value.get("agent")) or "session",
        wire=_WIRES[value["format"]],
        messages=[each for each in as_list(value["messages"]) if isinstance(each, dict)],
        model=as_text(value.get("model")),
        system=value.get("system") or None,
        tools=as_list(value.get("tools")),
        facts=None if facts is None else [fact for each in as_list(facts) for fact in _fact(each)],
    )


def _fact(value: Any) -> Iterator[Fact]:
    fields = as_dict(value)
    text, used_at, pattern = fields.get("fact"), fields.get("used_at"), fields.get("re")
    if not as_text(text) or not isinstance(used_at, int):
        return
    if pattern is not None and not _compiles(pattern):
        return
    yield Fact(str(text), used_at, pattern, as_text(fields.get("kind")) or "other")


def _compiles(pattern: Any) -> bool:
    try:
        re.compile(pattern)
    except (re.error, TypeError, RecursionError):
        return False
    return isinstance(pattern, str)


FORMAT = Format("session", _claims, _read)
