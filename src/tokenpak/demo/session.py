"""A recorded session, and the requests that Claude Code would send for it turn by turn."""

from __future__ import annotations

import gzip
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from tokenpak.errors import ConfigError, WireError
from tokenpak.transcript import Message, read_transcript

MODEL = "claude-sonnet-4-5"
"""The model of a session that does not name one."""


@dataclass(frozen=True, slots=True)
class Session:
    """One recorded conversation in Anthropic's format."""

    name: str
    messages: Sequence[Message]
    model: str = MODEL
    system: str | list[Message] | None = None
    tools: Sequence[Message] = ()
    source: str = ""
    """Where it was recorded, and under which licence it may be passed on."""

    @property
    def id(self) -> str:
        """The session id that the client sends; the same in every run."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, self.name))

    def turns(self) -> list[int]:
        """How many messages each request holds: all before an assistant's, and the whole."""
        ends = [at for at, each in enumerate(self.messages) if each["role"] == "assistant" and at]
        if self.messages[-1]["role"] != "assistant":
            ends.append(len(self.messages))
        return ends

    def request(self, upto: int) -> bytes:
        """The request with the first *upto* messages, as Claude Code sends it.

        It marks the last system block and the last block of the newest user message for the
        prompt cache, so the second marker moves from turn to turn.
        """
        messages = list(self.messages[:upto])
        newest = max((at for at, each in enumerate(messages) if each["role"] == "user"), default=-1)
        if newest >= 0:
            messages[newest] = {**messages[newest], "content": _mark(messages[newest]["content"])}
        body: dict[str, Any] = {"model": self.model, "max_tokens": 1024, "stream": True}
        if self.tools:
            body["tools"] = list(self.tools)
        if self.system:
            body["system"] = _mark(self.system)
        body["messages"] = messages
        return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def load(path: Path | None = None) -> Session:
    """The session in *path*, or the one that comes with the package.

    *path* is a session file (JSON with `messages`; may be gzipped) or a Claude Code transcript
    (`.jsonl`). Raises ConfigError naming the file and what is wrong with it.
    """
    if path is None:
        folder = files("tokenpak.demo")
        packed = folder.joinpath("session.json.gz").read_bytes()
        return _from_json(json.loads(gzip.decompress(packed)), "a session of Claude Code")
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8")
        if path.suffix == ".jsonl":
            return Session(path.name, _checked(read_transcript(text)))
        return _from_json(json.loads(text), path.name)
    except (OSError, EOFError, ValueError, RecursionError, WireError) as error:
        raise ConfigError(f"{path}: not a session: {error}") from error


def _from_json(value: Any, name: str) -> Session:
    if not isinstance(value, dict) or not isinstance(value.get("messages"), list):
        raise ValueError("expected an object with a list of 'messages'")
    if value.get("format", "anthropic") != "anthropic":
        raise ValueError(f"format is {value['format']!r}, expected 'anthropic'")
    meta = value.get("meta") or {}
    source = meta.get("source_repo", "")
    return Session(
        name,
        _checked(value["messages"]),
        model=value.get("model") or MODEL,
        system=value.get("system"),
        tools=value.get("tools") or (),
        source=f"{source} ({meta['licence']})" if source and meta.get("licence") else source,
    )


def _checked(messages: list[Any]) -> list[Message]:
    for at, each in enumerate(messages):
        if not isinstance(each, dict) or each.get("role") not in ("user", "assistant", "system"):
            raise ValueError(f"messages[{at}] is no message with a role")
        if not each.get("content"):
            raise ValueError(f"messages[{at}] has no content")
    if len(messages) < 2 or messages[0]["role"] != "user":
        raise ValueError("expected at least two messages, the first from the user")
    return messages


def _mark(content: str | list[Message]) -> list[Message]:
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else list(content)
    return [*blocks[:-1], {**blocks[-1], "cache_control": {"type": "ephemeral"}}]
