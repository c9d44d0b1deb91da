"""`POST /api/compression/preview`: what a mode makes of messages, by the code of the proxy."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tokenpak.canonical import CanonicalRequest
from tokenpak.compression.body import Compressor, PackedBody
from tokenpak.dashboard.answer import Answer, Asked
from tokenpak.dashboard.compression import changed
from tokenpak.errors import WireError
from tokenpak.policy import PolicyStore, Route
from tokenpak.policy.model import Refusal
from tokenpak.settings import Settings
from tokenpak.tokens import count
from tokenpak.wire import get_adapter
from tokenpak.wire.shape import wire_of

_KEYS = ("mode", "messages", "system", "command", "config", "model", "provider", "client")
_OURS = "tokenpak_preview_"
_MAX_DIFF_LINES = 4000


class Preview:
    """Packs messages as the proxy would, but from the first token on, and keeps nothing."""

    def __init__(self, settings: Settings, store: PolicyStore) -> None:
        self._store = store
        self._compressor = Compressor(replace(settings, mode="strict", recovery=False), store)

    def answer(self, asked: Asked) -> Answer:
        """*messages* in Anthropic's or OpenAI's format; *config* is a partial of the settings.

        *command* is what printed the tool results of which no message says it.
        """
        values = asked.json()
        for key in values:
            if key not in _KEYS:
                raise Refusal(key, f"unknown key; known: {', '.join(_KEYS)}")
        policy = self._store.current()
        if values.get("config") is not None:
            policy = changed(policy, _of_type(values, "config", dict))
        body, added = _body(values)
        adapter = get_adapter(wire_of(json.loads(body)) or "openai_chat")
        route = Route(_text(values, "provider") or "", None, _text(values, "client"))
        try:
            packed = self._compressor.pack(
                adapter, "", body, _text(values, "mode"), route=route, policy=policy
            )
        except WireError as error:
            raise Refusal("messages", str(error)) from error
        return 200, _told(packed, adapter.decode_request(packed.body), added)


def _body(values: dict[str, Any]) -> tuple[bytes, int]:
    """A request of what was asked, and how many messages stand before its own: 0 or 1."""
    messages = values.get("messages")
    if not isinstance(messages, list) or not all(isinstance(each, dict) for each in messages):
        raise Refusal("messages", "expected a list of objects with role and content")
    request = {key: values[key] for key in ("model", "system") if values.get(key) is not None}
    command = _text(values, "command")
    calls = _calls(messages, command) if command else []
    return json.dumps(request | {"messages": [*calls, *messages]}).encode(), len(calls)


def _calls(messages: list[dict[str, Any]], command: str) -> list[dict[str, Any]]:
    """A message with calls of *command* for the tool messages of which none says the call.

    Those without an id are given one, so that they can be told apart.
    """
    asked = [call for each in messages for call in each.get("tool_calls") or ()]
    known = {call.get("id") for call in asked if isinstance(call, dict)}
    function = {"name": "bash", "arguments": json.dumps({"command": command})}
    calls = []
    for number, each in enumerate(messages):
        if each.get("role") == "tool" and each.get("tool_call_id") not in known:
            id = each.setdefault("tool_call_id", f"{_OURS}{number}")
            calls.append({"id": id, "type": "function", "function": function})
    return [{"role": "assistant", "content": None, "tool_calls": calls}] if calls else []


def _text(values: dict[str, Any], key: str) -> str | None:
    return _of_type(values, key, str) if values.get(key) is not None else None


def _of_type(values: dict[str, Any], key: str, kind: type) -> Any:
    if not isinstance(values[key], kind):
        expected = "a string" if kind is str else "an object"
        raise Refusal(key, f"found {json.dumps(values[key])[:60]}; expected {expected}")
    return values[key]


def _told(packed: PackedBody, after: CanonicalRequest, added: int) -> dict[str, Any]:
    """What was done to all messages but the first *added*, which nobody sent."""
    before, texts = (
        [part.text for part in each.parts if part.kind != "other" and not 0 <= part.message < added]
        for each in (packed.request, after)
    )
    original = sum(map(count, before))
    saved = packed.saved_tokens
    engines = [
        {"engine": name, "tokensSaved": tokens, "savingsPercent": _percent(tokens, original)}
        for name, tokens in packed.engines.items()
    ]
    return {
        "mode": packed.mode.rpartition("/")[2],
        "engine": None if not engines else engines[0]["engine"] if len(engines) == 1 else "stacked",
        "compressionComboId": packed.combo,
        "outputMode": packed.output_mode,
        "original": "\n".join(before),
        "compressed": "\n".join(texts),
        "messages": _shown(json.loads(packed.body)["messages"][added:]),
        "originalTokens": original,
        "compressedTokens": original - saved,
        "tokensSaved": saved,
        "savingsPct": _percent(saved, original),
        "techniquesUsed": list(packed.saved_by),
        "rulesApplied": packed.rules,
        "engineBreakdown": engines,
        "durationMs": round(packed.duration_ms, 3),
        "diff": list(_diff(before, texts)),
    }


def _shown(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """*messages* without the ids that we gave them."""
    for each in messages:
        if str(each.get("tool_call_id", "")).startswith(_OURS):
            del each["tool_call_id"]
    return messages


def _diff(before: list[str], after: list[str]) -> Iterator[dict[str, str]]:
    """Lines that stayed, went or came, text by text; a text of very many lines as a whole."""
    for old, new in zip(before, after, strict=True):
        if old == new:
            yield {"type": "same", "text": old}
            continue
        lines, others = old.split("\n"), new.split("\n")
        if len(lines) + len(others) > _MAX_DIFF_LINES:
            yield from ({"type": "removed", "text": old}, {"type": "added", "text": new})
            continue
        matcher = difflib.SequenceMatcher(None, lines, others, autojunk=True)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind == "equal":
                yield {"type": "same", "text": "\n".join(lines[a:b])}
                continue
            if b > a:
                yield {"type": "removed", "text": "\n".join(lines[a:b])}
            if d > c:
                yield {"type": "added", "text": "\n".join(others[c:d])}


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
