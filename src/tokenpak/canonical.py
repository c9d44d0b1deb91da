"""One vocabulary for every provider's conversation: parts, requests and usage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from tokenpak.errors import WireError

PartKind = Literal["system", "text", "tool_use", "tool_result", "thinking", "image", "other"]
Span = tuple[int, int]
_TEXT_KINDS = frozenset({"system", "text", "tool_result"})


class Part:
    """One piece of a message, in the order in which the model reads it.

    `literal` is the JSON of the piece as the client sent it: a string literal with its quotes for
    `system`, `text` and `tool_result`, the input object (or its string form) for `tool_use`, the
    block for the others. `span` is where that
    literal lies in the body, as byte offsets; None means that the part must never be rewritten.
    `message` counts the messages of the request from 0; system prompts outside of it have -1.
    `tool` names the tool of a `tool_use` or `tool_result`; `call` is the `tool_use` that a
    `tool_result` answers, when the conversation holds it.

    Text is decoded on first use: a warm turn reads only what is new.
    """

    __slots__ = (
        "_arguments",
        "_text",
        "call",
        "call_id",
        "digest",
        "kind",
        "literal",
        "message",
        "role",
        "span",
        "tool",
    )

    def __init__(
        self,
        kind: PartKind,
        role: str,
        literal: bytes,
        *,
        span: Span | None = None,
        message: int = -1,
        tool: str | None = None,
        call_id: str | None = None,
        call: Part | None = None,
    ) -> None:
        self.kind: PartKind = kind
        self.role = role
        self.literal = literal
        self.span = span
        self.message = message
        self.tool = tool
        self.call_id = call_id
        self.call = call
        self.digest: tuple[bool, bytes] | None = None
        """What `compression.fingerprint` made of it, and whether as the first of its message."""
        self._text: str | None = None
        self._arguments: Mapping[str, Any] | None = None

    @property
    def text(self) -> str:
        """The decoded text; for kinds that are no text the JSON as it stands in the body.

        Raises WireError if the literal is not valid UTF-8 or not a JSON string.
        """
        if self._text is None:
            self._text = self._decode()
        return self._text

    @property
    def arguments(self) -> Mapping[str, Any]:
        """The input of a `tool_use` as an object; empty where it cannot be read as one."""
        if self._arguments is None:
            self._arguments = _arguments(self.literal)
        return self._arguments

    def _decode(self) -> str:
        if self.kind not in _TEXT_KINDS:
            return self.literal.decode("utf-8", "replace")
        try:
            value = _decoded(self.literal)
        except (ValueError, RecursionError) as error:
            raise WireError(f"part is not a JSON string: {error}") from error
        if not isinstance(value, str):
            raise WireError(f"part is a JSON {type(value).__name__}, expected a string")
        return value

    def __repr__(self) -> str:
        return f"Part({self.kind!r}, {self.role!r}, tool={self.tool!r}, span={self.span!r})"


# The standard decoder, not a faster one: it accepts lone surrogates, which JavaScript clients do
# send. Made once: that takes as long as to decode a short string.
_DECODER = json.JSONDecoder(strict=False)


def _decoded(literal: bytes) -> Any:
    return _DECODER.decode(literal.decode("utf-8", "surrogatepass"))


def _arguments(literal: bytes) -> Mapping[str, Any]:
    try:
        value = _decoded(literal)
        if isinstance(value, str):  # OpenAI sends the input as a string that holds JSON
            value = _DECODER.decode(value)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class CanonicalRequest:
    """A model request, read but not copied: its parts point into the client's body."""

    wire: str
    model: str | None
    stream: bool
    parts: tuple[Part, ...]
    tools: tuple[str, ...] = ()
    cache_marked: bool = False
    """Whether the client set cache breakpoints of its own."""
    tools_span: Span | None = None
    """Where the definitions of its tools lie in the body."""


class UsageSource(Enum):
    """Where a token figure comes from."""

    PROVIDER_REPORTED = "provider_reported"
    PROXY_ESTIMATE = "proxy_estimate"
    TOKEN_COUNTED = "token_counted"
    UNKNOWN = "unknown"


class Confidence(Enum):
    """How far a figure can be relied on."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class CanonicalUsage:
    """Tokens of one exchange, in one meaning for every provider.

    `input_tokens` is the whole input, tokens read from and written to the prompt cache included;
    `output_tokens` includes `reasoning_tokens`. None means that the provider did not say.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None
    source: UsageSource = UsageSource.PROVIDER_REPORTED
    cache_write_1h_tokens: int | None = None
    """Those of `cache_write_tokens` that were written for an hour, which is dearer."""


@dataclass(frozen=True, slots=True)
class CanonicalResponse:
    """What a provider's answer says of itself; its content stays bytes."""

    wire: str
    usage: CanonicalUsage | None
    """None if the provider reported none."""

    body_bytes: int
