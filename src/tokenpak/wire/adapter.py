"""What a wire format must offer: read a request, change it in place, read usage, word an error."""

from __future__ import annotations

from typing import Protocol

from tokenpak.canonical import CanonicalRequest, CanonicalUsage
from tokenpak.wire.prefixes import NONE, Prefixes


class UsageReader(Protocol):
    """Collects usage from a response body as its chunks pass by, never altering them."""

    def feed(self, chunk: bytes) -> None:
        """Take the next chunk; chunk borders may fall anywhere, also inside a character."""

    @property
    def usage(self) -> CanonicalUsage | None:
        """What has been reported so far; None if nothing was."""

    @property
    def complete(self) -> bool:
        """Whether the event with which a stream of this format ends has passed."""


class Adapter(Protocol):
    """One wire format: no sockets, no clock, no state."""

    name: str
    """`anthropic`, `openai_chat`, `openai_responses`, `gemini`, `ollama`."""

    def matches(self, path: str) -> bool:
        """Whether a POST to *path* (no query) carries a conversation in this format."""

    def decode_request(
        self, body: bytes, path: str = "", known: Prefixes = NONE
    ) -> CanonicalRequest:
        """Read *body*; *path* names the model where the body does not.

        What *known* holds of it is not read again, where the format allows; nothing else differs.

        Raises WireError if *body* is not a request in this format.
        """

    def reader(self, content_type: str) -> UsageReader:
        """A fresh reader for one response of that content type (JSON, SSE or NDJSON)."""

    def error_body(self, status: int, code: str, message: str) -> bytes:
        """Our own error as a JSON body of the shape that this format's SDKs parse."""
