"""Epochs: at milestones of a conversation, old output that was meant to be skimmed is cleared.

A milestone is a size of the client's own conversation, so the same prefix always has the same
epochs. Between two milestones nothing that was sent changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenpak.canonical import Part
from tokenpak.compression.kinds import Kind, kind
from tokenpak.compression.planner import expected_turns, pays

FIRST = 16_000
"""Tokens of the first milestone."""
STEP, GROWTH = 8_000, 1.25
"""A milestone follows the last by STEP tokens or GROWTH times, whatever is more: the work of all
rewrites together stays linear in the length of the conversation."""
MIN_TOKENS = 150
"""Smaller results stay: their marker would cost as much."""
CLEARED: frozenset[Kind] = frozenset({"poll", "build", "log", "help", "search", "web", "listing"})
"""What agents rarely come back to; file reads, edits and reports are never cleared."""


@dataclass(slots=True)
class Ledger:
    """Sizes of a conversation as the packer goes along it, and its epochs so far.

    `ends[i]` is the client's conversation in tokens after part i, `sent[i]` part i as it is sent.
    `cleared` holds the parts that the epochs so far have cleared, `done` the size up to which.
    """

    ends: list[int]
    sent: list[int]
    cleared: frozenset[int] = frozenset()
    milestone: int = FIRST
    done: int = 0

    def restarted(self) -> Ledger:
        """The same epochs, before any part has been measured."""
        return Ledger([], [], self.cleared, self.milestone, self.done)

    def add(self, raw: int, sent: int) -> None:
        self.ends.append((self.ends[-1] if self.ends else 0) + raw)
        self.sent.append(sent)


def advance(ledger: Ledger, parts: Sequence[Part], keep_tokens: int, threshold: int) -> bool:
    """Pass the milestone that *parts* have reached, if any; whether that begins an epoch.

    An epoch clears what lies between the last one and the *keep_tokens* at the end, if the planner
    expects that to pay. What lies within *threshold* tokens from the start is never cleared.
    """
    if ledger.ends[-1] < ledger.milestone:
        return False
    ledger.milestone = max(ledger.milestone + STEP, int(ledger.milestone * GROWTH))
    boundary = ledger.ends[-1] - keep_tokens
    chosen = [
        i
        for i, part in enumerate(parts)
        if max(ledger.done, threshold) < ledger.ends[i] <= boundary
        and ledger.sent[i] >= MIN_TOKENS
        and clearable(part)
    ]
    if not chosen or not _pays(ledger, parts, chosen):
        return False
    ledger.cleared |= frozenset(chosen)
    ledger.done = boundary
    return True


def clearable(part: Part) -> bool:
    """Whether *part* is output that may be cleared once it is old."""
    return part.kind == "tool_result" and part.span is not None and kind(part.call) in CLEARED


def _pays(ledger: Ledger, parts: Sequence[Part], chosen: list[int]) -> bool:
    freed = sum(ledger.sent[i] for i in chosen)
    rewritten = sum(ledger.sent[chosen[0] :]) - freed
    turns = len({part.message for part in parts if part.role == "assistant"})
    return pays(freed, rewritten, expected_turns(turns))
