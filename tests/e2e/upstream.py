"""A scripted provider: speaks the five wire formats, keeps the bytes of what it is asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.answers import Anthropic, Format, Gemini, Ollama, OpenAIChat, OpenAIResponses, Turn
from tests.serving import Exchange, Provider

FORMATS: dict[str, Format] = {
    "/v1/messages": Anthropic(),
    "/v1/chat/completions": OpenAIChat(),
    "/v1/responses": OpenAIResponses(),
    ":generateContent": Gemini(),
    ":streamGenerateContent": Gemini(),
    "/api/chat": Ollama(),
    "/api/generate": Ollama(),
}
"""By how the path ends."""

COUNTED = 31337
"""What the provider counts when asked for the tokens of a request."""
_FIXED: dict[str, Any] = {
    "/v1/messages/count_tokens": {"input_tokens": COUNTED},
    ":countTokens": {"totalTokens": COUNTED},
    "/v1/embeddings": {
        "object": "list",
        "model": "text-embedding-3-small",
        "data": [{"object": "embedding", "index": 0, "embedding": [0.5, -0.25]}],
        "usage": {"prompt_tokens": 4, "total_tokens": 4},
    },
    "/v1/models": {
        "object": "list",
        "data": [
            {"id": "m-1", "object": "model", "type": "model", "created": 1, "owned_by": "e2e"}
            | {"display_name": "M 1", "created_at": "2025-01-01T00:00:00Z"}
        ],
        "has_more": False,
    },
}


@dataclass(frozen=True)
class Failure:
    """An answer with which the provider refuses."""

    status: int
    body: dict[str, Any]
    fields: Sequence[tuple[str, str]] = ()


@dataclass
class Script:
    """The N-th answer of a conversation is the N-th turn; the last one repeats.

    Where a conversation stands is read from the request itself, as a model would.
    """

    turns: Sequence[Turn | Failure] = (Turn(),)
    stall: int | None = None
    """After how many events streams stop until the client leaves, -1 for before their end."""
    left: threading.Event = field(default_factory=threading.Event)
    """Set when the client has left a stalled stream."""

    def __call__(self, exchange: Exchange) -> None:
        path = path_of(exchange)
        fixed = _by_end(_FIXED, path)
        if exchange.line.startswith("HEAD "):
            exchange.wire.send(_head(200, [("content-length", "0")]))
        elif fixed is not None:
            _answer(exchange, 200, json.dumps(fixed).encode())
        else:
            self._speak(exchange, path)

    def _speak(self, exchange: Exchange, path: str) -> None:
        spoken = _by_end(FORMATS, path)
        try:
            request = json.loads(exchange.body)
            n = spoken.turns(request)
        except (ValueError, AttributeError, KeyError, TypeError):
            error = {"type": "invalid_request_error", "message": "this is no request"}
            _answer(exchange, 400, json.dumps({"type": "error", "error": error}).encode())
            return
        turn = self.turns[min(n, len(self.turns) - 1)]
        if isinstance(turn, Failure):
            _answer(exchange, turn.status, json.dumps(turn.body).encode(), turn.fields)
        elif "stream" in path or request.get("stream", path.startswith("/api/")):
            self._stream(exchange, spoken.content_type, spoken.stream(turn, n))
        else:
            _answer(exchange, 200, spoken.whole(turn, n))

    def _stream(self, exchange: Exchange, content_type: str, events: Iterable[bytes]) -> None:
        fields = [("content-type", content_type), ("transfer-encoding", "chunked")]
        exchange.wire.send(_head(200, fields))
        every = list(events)
        for event in every if self.stall is None else every[: self.stall % (len(every) + 1)]:
            exchange.wire.send(b"%x\r\n%b\r\n" % (len(event), event))
        if self.stall is None:
            exchange.wire.send(b"0\r\n\r\n")
        else:
            exchange.wire.wait_until_closed()
            self.left.set()


class Upstream(Provider):
    """A scripted provider that many tests use, one after the other."""

    script: Script

    def reset(self) -> None:
        self.requests.clear()
        self.script = Script()

    def asked(self, end: str = "") -> list[Exchange]:
        """The POST requests so far, those whose path ends in *end*."""
        posts = (each for each in self.requests if each.line.startswith("POST "))
        return [each for each in posts if path_of(each).endswith(end)]


def path_of(exchange: Exchange) -> str:
    return exchange.line.split(" ")[1].partition("?")[0]


def _by_end(table: dict[str, Any], path: str) -> Any:
    return next((value for end, value in table.items() if path.endswith(end)), None)


def _head(status: int, fields: Iterable[tuple[str, str]]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return f"HTTP/1.1 {status} Scripted\r\n{lines}request-id: req_e2e\r\n\r\n".encode()


def _answer(
    exchange: Exchange, status: int, body: bytes, fields: Sequence[tuple[str, str]] = ()
) -> None:
    framing = [("content-type", "application/json"), ("content-length", str(len(body)))]
    with suppress(OSError):  # who has left does not hear the answer
        exchange.wire.send(_head(status, [*framing, *fields]) + body)
