"""What a form is: a pure function of one tool result and the call that it answers."""

from __future__ import annotations

from typing import Protocol

from tokenpak.canonical import Part


class Form(Protocol):
    """One rewriting of a tool result's text; the same text always gives the same result."""

    name: str
    loss: str
    """What cannot be rebuilt from the result, in words; empty for a lossless form."""

    def apply(self, text: str, part: Part) -> str:
        """The rewritten text, or *text* itself where the form does not apply."""
