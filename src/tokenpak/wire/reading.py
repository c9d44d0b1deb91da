"""The parts of one request as they are found, and which call each tool result answers."""

from __future__ import annotations

from collections import deque

from tokenpak.canonical import Part, PartKind
from tokenpak.wire.spans import QUOTE, Object, Value

KIND_OF_ROLE: dict[str, PartKind] = {
    "system": "system",
    "developer": "system",
    "user": "text",
    "assistant": "text",
}
"""What a text is by the role that says it; of any other role it is `other` and left alone."""


class Reading:
    """One request being read: adds parts in the order of the calls to it."""

    __slots__ = ("_by_name", "body", "cache_marked", "calls", "parts")

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.parts: list[Part] = []
        self.cache_marked = False
        self.calls: dict[str, Part] = {}
        """By their ids."""
        self._by_name: dict[str, deque[Part]] = {}

    @property
    def has_unnamed_calls(self) -> bool:
        """Whether a call without an id was among the parts."""
        return bool(self._by_name)

    def text(self, kind: PartKind, role: str, message: int, value: Value) -> None:
        """A string that may be rewritten; what is no string, or `other`, is only noted."""
        start, end, _ = value
        if kind == "other" or self.body[start] != QUOTE:
            self.opaque("other", role, message, value)
            return
        span = (start, end)
        self.parts.append(Part(kind, role, self.body[start:end], span=span, message=message))

    def opaque(self, kind: PartKind, role: str, message: int, value: Value | Object) -> None:
        """A piece that is never rewritten."""
        self.parts.append(Part(kind, role, self.body[value[0] : value[1]], message=message))

    def call(
        self, role: str, message: int, value: Value, tool: str | None, call_id: str | None
    ) -> None:
        """A tool call, with its input as *value*."""
        part = Part(
            "tool_use",
            role,
            self.body[value[0] : value[1]],
            message=message,
            tool=tool,
            call_id=call_id,
        )
        self.parts.append(part)
        if call_id is not None:
            self.calls[call_id] = part
        elif tool is not None:
            self._by_name.setdefault(tool, deque()).append(part)

    def answered(self, call_id: str | None, tool: str | None = None) -> Part | None:
        """The earlier call of that id; without ids, the first unanswered call of that tool."""
        if call_id is not None:
            return self.calls.get(call_id)
        waiting = self._by_name.get(tool) if tool is not None else None
        return waiting.popleft() if waiting else None

    def result(
        self,
        role: str,
        message: int,
        value: Value,
        call: Part | None,
        call_id: str | None,
        tool: str | None = None,
    ) -> None:
        """A text of a tool's result."""
        start, end, _ = value
        if self.body[start] != QUOTE:
            self.opaque("other", role, message, value)
            return
        self.parts.append(
            Part(
                "tool_result",
                role,
                self.body[start:end],
                span=(start, end),
                message=message,
                tool=call.tool if call is not None else tool,
                call_id=call_id,
                call=call,
            )
        )
