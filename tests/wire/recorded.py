"""Bodies shaped after what real clients send, and one line a part to compare readings by."""

from __future__ import annotations

from pathlib import Path

from tokenpak.canonical import CanonicalRequest, Part
from tokenpak.wire import ADAPTERS

BODIES = Path(__file__).parent / "bodies"

PATHS = {
    "anthropic": "/v1/messages",
    "openai_chat": "/v1/chat/completions",
    "openai_responses": "/v1/responses",
    "gemini": "/v1beta/models/gemini-2.5-pro:streamGenerateContent",
    "ollama": "/api/chat",
}


def body_of(name: str) -> bytes:
    return (BODIES / f"{name}.json").read_bytes()


def decoded(name: str) -> CanonicalRequest:
    return ADAPTERS[name].decode_request(body_of(name), PATHS[name])


def outline(request: CanonicalRequest) -> list[str]:
    """Each part as `message role kind[=tool<call] text`, with `!` where it must not change."""
    return [_line(part) for part in request.parts]


def _line(part: Part) -> str:
    tool = f"={part.tool}" if part.tool else ""
    call = f"<{part.call.literal.decode()}" if part.call else ""
    said = part.text if part.span else "!"
    return f"{part.message} {part.role} {part.kind}{tool}{call} {said}"
