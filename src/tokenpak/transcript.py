"""Claude Code's transcripts (JSON lines) read back into the conversations that were sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tokenpak.errors import WireError

Message = dict[str, Any]
_SYNTHETIC = "<synthetic>"
"""The model of answers that Claude Code makes up, as where a session goes on after a pause."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One conversation as it was resent from turn to turn: from a start to a compaction or the end.

    The first `sent` messages were sent before, by the stretch from which the user went back.
    """

    messages: Sequence[Message]
    times: Sequence[float | None]
    """Seconds since the epoch at which each message was written."""
    sent: int = 0
    sub_agent: bool = False
    model: str | None = None
    folder: str | None = None
    """The working directory of the agent."""


def read_transcript(text: str) -> list[Message]:
    """The messages of the agent itself since it last compacted them, as it would send them next.

    Lines of sub-agents and bookkeeping are left out. Raises WireError naming the first line that
    cannot be read, or saying that there is no message.
    """
    chains = _Chains()
    for entry in _entries(text):
        chains.take(entry)
    found = chains.own.stretch()
    if not found.messages:
        raise WireError('no message found; expected lines such as {"type": "user", "message": {…}}')
    return list(found.messages)


def stretches(entries: Iterable[Mapping[str, Any]]) -> Iterator[Stretch]:
    """Every conversation in the lines of one transcript, those of sub-agents included.

    A compaction ends one, and so does going back to an earlier message and on from there.
    """
    chains = _Chains()
    for entry in entries:
        ended = chains.take(entry)
        if ended is not None and ended.messages:
            yield ended
    for chain in chains.all():
        last = chain.stretch()
        if len(last.messages) > last.sent:
            yield last


def _entries(text: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise WireError(f"line {number} is not JSON: {error}") from error
        if isinstance(entry, dict):
            yield entry


@dataclass(frozen=True, slots=True)
class _Line:
    """One line that holds a piece of a message."""

    role: str
    content: Any
    message_id: str | None
    time: float | None


@dataclass(slots=True)
class _Chain:
    """The lines of one agent since its last compaction."""

    sub_agent: bool = False
    lines: list[_Line] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    """How many lines there were once the entry of that id had been taken."""
    sent: int = 0
    model: str | None = None
    folder: str | None = None

    def take(self, entry: Mapping[str, Any]) -> Stretch | None:
        """Add *entry*; gives the stretch that it ends, if it does."""
        ended = None
        if entry.get("subtype") == "compact_boundary":
            ended = self.stretch()
            self.lines, self.places, self.sent = [], {}, 0
        line = _line(entry)
        if line is not None:
            ended = self._rewound(entry, line) or ended
            self.lines.append(line)
            self._note(entry)
        if isinstance(entry.get("uuid"), str):
            self.places[entry["uuid"]] = len(self.lines)
        return ended

    def stretch(self) -> Stretch:
        messages, times = _joined(self.lines)
        return Stretch(messages, times, self.sent, self.sub_agent, self.model, self.folder)

    def _note(self, entry: Mapping[str, Any]) -> None:
        model = entry["message"].get("model")
        if isinstance(model, str) and model != _SYNTHETIC:
            self.model = model
        self.folder = entry["cwd"] if isinstance(entry.get("cwd"), str) else self.folder

    def _rewound(self, entry: Mapping[str, Any], line: _Line) -> Stretch | None:
        """The stretch left behind if the user said *line* in answer to something earlier.

        Only words of the user count: results of parallel calls hang on their calls, so their
        parents are not the line before them either.
        """
        place = self.places.get(str(entry.get("parentUuid")), len(self.lines))
        left = self.lines[place:]
        if line.role != "user" or _is_result(line) or not any(x.role == "assistant" for x in left):
            return None
        ended = self.stretch()
        del self.lines[place:]
        self.places = {key: at for key, at in self.places.items() if at <= place}
        self.sent = len(_joined(self.lines)[0])
        return ended


class _Chains:
    """The agent's own chain, and one for each of its sub-agents."""

    def __init__(self) -> None:
        self.own = _Chain()
        self._others: dict[str, _Chain] = {}
        self._chain_of: dict[str, str] = {}

    def all(self) -> list[_Chain]:
        return [self.own, *self._others.values()]

    def take(self, entry: Mapping[str, Any]) -> Stretch | None:
        if not entry.get("isSidechain"):
            return self.own.take(entry)
        own_id = str(entry.get("uuid"))
        # Newer versions name the sub-agent; in older ones it is the root of the line's parents.
        key = entry.get("agentId") or self._chain_of.get(str(entry.get("parentUuid")), own_id)
        self._chain_of[own_id] = str(key)
        return self._others.setdefault(str(key), _Chain(sub_agent=True)).take(entry)


def _line(entry: Mapping[str, Any]) -> _Line | None:
    message = entry.get("message")
    if entry.get("type") not in ("user", "assistant") or not isinstance(message, dict):
        return None
    content = message.get("content")
    # Messages that the agent made up itself, to show an error of the provider, were never sent.
    if not content or not isinstance(content, str | list) or entry.get("isApiErrorMessage"):
        return None
    role = str(message.get("role") or entry["type"])
    message_id = message.get("id") if role == "assistant" else None
    return _Line(role, content, message_id if isinstance(message_id, str) else None, _time(entry))


def _time(entry: Mapping[str, Any]) -> float | None:
    try:
        return datetime.fromisoformat(entry["timestamp"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return None


def _is_result(line: _Line) -> bool:
    return isinstance(line.content, list) and any(
        isinstance(block, dict) and block.get("type") == "tool_result" for block in line.content
    )


def _joined(lines: Iterable[_Line]) -> tuple[list[Message], list[float | None]]:
    """The messages that *lines* are pieces of: one line holds one block."""
    messages: list[Message] = []
    times: list[float | None] = []
    answering: str | None = None  # the model's message that stands at `answer`
    answer = 0
    for line in lines:
        if line.role == "assistant" and line.message_id and line.message_id == answering:
            at = answer  # a tool had its result before the model had finished its message
        elif messages and messages[-1]["role"] == line.role:
            at = len(messages) - 1
        else:
            messages.append({"role": line.role, "content": line.content})
            times.append(line.time)
            if line.role == "assistant":
                answering, answer = line.message_id, len(messages) - 1
            continue
        before = messages[at]["content"]
        messages[at] = {"role": line.role, "content": [*_blocks(before), *_blocks(line.content)]}
        if line.role == "assistant":
            answering = line.message_id
    return messages, times


def _blocks(content: Any) -> list[Any]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return list(content)
