"""The header that Codex puts before every command's output, in one line."""

from __future__ import annotations

import re

from tokenpak.canonical import Part

_HEADER = re.compile(
    r"\A(?:Chunk ID: [0-9a-f]+\n)?Wall time: (?P<time>[\d.]+) seconds\n"
    r"Process (?:exited with code (?P<code>-?\d+)|running with session ID (?P<session>\d+))\n"
    r"(?:Original token count: \d+\n)?Output:\n"
)


class Envelope:
    """Exit code, session and wall time stay; chunk id and token count, for the client only, go."""

    name = "envelope"
    loss = "the chunk id and the original token count of a command's output"

    def apply(self, text: str, part: Part) -> str:
        match = _HEADER.match(text)
        if match is None:
            return text
        state = (
            f"exit code {match['code']}"
            if match["code"] is not None
            else f"running, session ID {match['session']}"
        )
        return f"[{state}, {_short(match['time'])}s]\n{text[match.end() :]}"


def _short(seconds: str) -> str:
    """`0.0000` as `0`, `12.3456` as `12.3`: to a tenth, as nothing is decided by less."""
    return f"{float(seconds):.1f}".removesuffix(".0")
