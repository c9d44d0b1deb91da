"""What the packer knows after a prefix of a conversation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tokenpak.compression.lines import LineIndex


@dataclass(slots=True)
class State:
    """The fold's accumulator: built from the client's own parts, one after another.

    `texts` holds the new text of each changed part by its position in the conversation.
    """

    parts: int = 0
    tokens: int = 0
    index: LineIndex = field(default_factory=LineIndex)
    reminder: str | None = None
    gutter_copied: bool = False
    """Whether the agent has pasted a gutter into a tool's input: its style stays from then on."""
    texts: dict[int, str] = field(default_factory=dict)
    saved_by: Counter[str] = field(default_factory=Counter)
    chars: int = 0

    @property
    def size(self) -> int:
        """Rough bytes held: lines are kept once as text, once in tables."""
        return 2 * self.index.chars + 160 * len(self.index.contents) + 2 * self.chars
