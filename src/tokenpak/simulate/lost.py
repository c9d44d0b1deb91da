"""A fact that did not survive, worded so that no secret leaves the machine with it."""

from __future__ import annotations

from collections.abc import Sequence

from tokenpak.canonical import Part
from tokenpak.errors import WireError
from tokenpak.redact import redact
from tokenpak.simulate.conversation import Fact
from tokenpak.simulate.facts import stands
from tokenpak.simulate.outcome import Lost

_LINE_CHARS = 200
_MASKED = "[REDACTED]"


def describe(fact: Fact, parts: Sequence[Part]) -> Lost:
    """*fact* with the line of the first tool result of *parts* in which it stood.

    The whole result is masked before the line is taken: a line of a private key alone would not
    be known for one. A fact that is not found after that was a secret, or a part of one.
    """
    for part in parts:
        if part.kind != "tool_result":
            continue
        try:
            text = part.text
        except WireError:
            continue
        if stands(fact, text):
            lines = (each for each in redact(text).split("\n") if stands(fact, each))
            line = next(lines, None)
            if line is None:
                return Lost(_MASKED, fact.kind, fact.used_at, _MASKED)
            return Lost(fact.text, fact.kind, fact.used_at, line.strip()[:_LINE_CHARS])
    return Lost(redact(fact.text), fact.kind, fact.used_at, "")
