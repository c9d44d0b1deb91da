"""One recorded conversation: the request at its last turn, and where its turns were."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tokenpak.transcript import Message

_CALLS = frozenset(
    {"function_call", "custom_tool_call", "local_shell_call", "web_search_call", "reasoning"}
)
"""Items of OpenAI Responses that the model wrote, besides its messages."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A string that the agent took from a tool result and wrote itself at message `used_at`."""

    text: str
    used_at: int
    pattern: str | None = None
    """Regular expression to look for in place of the text."""
    kind: str = "other"


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation in the wire format *wire*; `messages` are the items of its list.

    Where a transcript holds no system prompt, `system` is None and nothing is put in its place.
    The first `sent` messages were sent by another conversation already.
    """

    project: str
    agent: str
    wire: str
    messages: Sequence[Message]
    model: str | None = None
    system: Any = None
    tools: Sequence[Any] = ()
    facts: Sequence[Fact] | None = None
    times: Sequence[float | None] = ()
    sent: int = 0

    @property
    def offset(self) -> int:
        """How many messages of the body stand before the first of `messages`."""
        return 1 if self.system and self.wire in ("openai_chat", "ollama") else 0

    @property
    def has_system(self) -> bool:
        """Whether the system prompt is known, be it apart or as the first message."""
        if self.system:
            return True
        return any(each.get("role") in ("system", "developer") for each in self.messages[:2])

    def body(self) -> bytes:
        """The request with all messages."""
        messages = list(self.messages)
        request: dict[str, Any] = {"model": self.model} if self.model else {}
        if self.tools:
            request["tools"] = list(self.tools)
        if self.offset:
            messages.insert(0, {"role": "system", "content": self.system})
        elif self.system and self.wire == "openai_responses":
            request["instructions"] = self.system
        elif self.system:
            request["systemInstruction" if self.wire == "gemini" else "system"] = self.system
        request[list_field(self.wire)] = messages
        return dump(request)

    def turns(self, wanted: int | None = None) -> list[int]:
        """How many messages each request held: all before an answer, and the whole if none follows.

        *wanted* takes about that many of them, evenly, the last among them.
        """
        answers = [_is_answer(self.wire, each) for each in self.messages]
        ends = [at for at, answer in enumerate(answers) if at and answer]
        if self.wire == "openai_responses":  # one answer is a run of items
            ends = [at for at in ends if not answers[at - 1]]
        if answers and not answers[-1]:
            ends.append(len(answers))
        ends = [at for at in ends if at >= self.sent]
        if wanted is None or not ends:
            return ends
        return sorted({*ends[:: max(1, len(ends) // wanted)], ends[-1]})


def list_field(wire: str) -> str:
    """The field of a request in which its messages stand."""
    return {"gemini": "contents", "openai_responses": "input"}.get(wire, "messages")


def dump(value: object) -> bytes:
    """JSON as a client would send it; lone surrogates become escapes."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _is_answer(wire: str, message: Mapping[str, Any]) -> bool:
    if wire == "openai_responses":
        return message.get("role") == "assistant" or str(message.get("type")) in _CALLS
    return message.get("role") == ("model" if wire == "gemini" else "assistant")
