"""Passes a provider's answer on, chunk by chunk and unchanged, while usage is read beside it."""

from __future__ import annotations

from collections.abc import Callable

from tokenpak.canonical import CanonicalUsage
from tokenpak.proxy.answers import Send
from tokenpak.proxy.upstream import Response
from tokenpak.wire.adapter import Adapter, UsageReader
from tokenpak.wire.decoding import decoded

Observe = Callable[[bytes], None]


async def relay(response: Response, send: Send, observe: Observe | None) -> None:
    """Send the body of *response* on; each chunk reaches *observe* after the client.

    Raises UpstreamError if the provider breaks off: whoever catches it must not complete the
    client's message, else a truncated answer looks whole.
    """
    while True:
        chunk = await response.read()
        finished = response.finished
        await send({"type": "http.response.body", "body": chunk, "more_body": not finished})
        if observe is not None and chunk:
            observe(chunk)
        if finished:
            return


class UsageTap:
    """Reads usage from the chunks of one answer, through its content encoding."""

    def __init__(self, adapter: Adapter, content_type: str, encoding: str) -> None:
        self._reader: UsageReader | None = decoded(adapter.reader(content_type), encoding)

    def feed(self, chunk: bytes) -> None:
        """Take the next chunk. Raises whatever the reader raises."""
        if self._reader is not None:
            self._reader.feed(chunk)

    def stop(self) -> None:
        """Read no further: what was fed cannot be read."""
        self._reader = None

    @property
    def usage(self) -> CanonicalUsage | None:
        """What the provider reported; None if nothing could be read."""
        return None if self._reader is None else self._reader.usage

    @property
    def complete(self) -> bool:
        """Whether the last event of a stream has passed, be its transport ended or not."""
        return self._reader is not None and self._reader.complete
