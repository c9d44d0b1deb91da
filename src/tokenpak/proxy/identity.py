"""Who asks: request ids, the client's name, the session it says it is in. For reporting only."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Mapping
from functools import lru_cache

_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")

# First match wins; what stands in front of the version in a user agent.
_CLIENTS = (
    ("claude-cli", "claude-code"),
    ("claude-code", "claude-code"),
    ("codex", "codex"),
    ("geminicli", "gemini-cli"),
    ("gemini-cli", "gemini-cli"),
    ("opencode", "opencode"),
    ("cursor", "cursor"),
    ("cline", "cline"),
    ("continue", "continue"),
    ("aider", "aider"),
    ("litellm", "litellm"),
    ("google-genai", "google-genai-sdk"),
    ("anthropic/", "anthropic-sdk"),
    ("asyncanthropic/", "anthropic-sdk"),
    ("openai/", "openai-sdk"),
    ("asyncopenai/", "openai-sdk"),
    ("ollama", "ollama"),
    ("curl/", "curl"),
)
_SESSION_HEADERS = (
    b"x-claude-code-session-id",
    b"session_id",
    b"session-id",
    b"conversation_id",
    b"x-session-id",
)
_FORWARDED = frozenset((b"x-forwarded-for", b"forwarded", b"x-real-ip", b"via"))
_NO_FIELDS: Mapping[bytes, bytes] = {}


def request_id(sent: bytes | None) -> str:
    """The client's own id if it sent a usable one, else a new UUIDv7."""
    if sent is not None and _ID.fullmatch(sent):
        return sent.decode()
    # Ids are no secrets, and the system's own random bytes cost as much as half the parsing.
    return uuid7(time.time_ns() // 1_000_000, random.getrandbits(80))


def uuid7(unix_ms: int, noise: int) -> str:
    """A UUIDv7 of that millisecond; *noise* is 80 random bits.

    https://www.rfc-editor.org/rfc/rfc9562#section-5.7
    """
    value = (unix_ms & (1 << 48) - 1) << 80 | noise
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


@lru_cache(maxsize=256)
def client_name(user_agent: bytes | None) -> str | None:
    """The client's name by its user agent; None if it is not one we know."""
    text = (user_agent or b"").decode("latin-1").lower()
    for start, name in _CLIENTS:
        if text.startswith(start):
            return name
    return None


def session_id(fields: Mapping[bytes, bytes]) -> str | None:
    """The session that the client names in a header, if any does."""
    for name in _SESSION_HEADERS:
        if name in fields:
            return fields[name].decode("latin-1")[:128]
    return None


def is_local(client: tuple[str, int] | None, fields: Mapping[bytes, bytes] = _NO_FIELDS) -> bool:
    """Whether a peer is on this machine: at a loopback address, and no proxy before other clients,
    which the header *fields* of its request would tell."""
    if client is None or not _FORWARDED.isdisjoint(fields):
        return False
    return client[0].startswith("127.") or client[0] == "::1"
