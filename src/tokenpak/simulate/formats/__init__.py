"""The transcripts that can be read, one file a format."""

from __future__ import annotations

from tokenpak.simulate.formats import (
    claude_code,
    codex,
    gemini_cli,
    opencode,
    requests,
    session,
    swe_agent,
)
from tokenpak.simulate.formats.base import Format

FORMATS: tuple[Format, ...] = (
    claude_code.FORMAT,
    codex.FORMAT,
    gemini_cli.FORMAT,
    opencode.FORMAT,
    swe_agent.FORMAT,
    session.FORMAT,
    requests.FORMAT,
)
"""Asked in this order; the first that claims a file reads it."""
