"""Whether a rewrite of what was sent pays for itself, and where it should begin."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from tokenpak.compression.terms import Terms

TYPICAL_TURNS = 40
"""Requests that a conversation still has before it, however long it is already: measured on
recorded conversations (mean 43 to 47 after 12k, 16k, 24k, 32k and 48k tokens)."""
MARGIN = 1.7
"""How often a rewrite must be paid back: the number of requests to come is a guess, and after an
early rewrite a better one further on pays less."""


def expected_turns(so_far: int, size: int, room: int) -> float:
    """Requests still to come in a conversation of *size* tokens and *so_far* requests.

    A client compacts its conversation when *room* is used up, so there are no more than fit.
    """
    per_turn = size / max(1, so_far)
    return min(TYPICAL_TURNS, max(0, room - size) / max(1.0, per_turn))


def worth(freed: int, rewritten: int, turns: float, terms: Terms) -> float:
    """What freeing *freed* tokens gains over writing *rewritten* ones again, in input tokens.

    Each request to come would have read the freed tokens from the cache.
    """
    return freed * terms.read * turns - MARGIN * rewritten * (terms.write - terms.read)


def best_start(
    sent: Sequence[int], freed: Sequence[tuple[int, int]], turns: float, terms: Terms
) -> int | None:
    """The part at which a rewrite of *sent*, tokens by part, gains most; None if none gains.

    *freed* are part numbers and what each would free, ascending.
    """
    if terms.whole:
        start = freed[0][0]
        total = sum(tokens for _, tokens in freed)
        rewritten = sum(sent[terms.fixed :]) - total
        return start if worth(total, rewritten, turns, terms) > 0 else None
    upto = [0, *accumulate(sent)]
    best, found, total = 0.0, None, 0
    for number, tokens in reversed(freed):
        total += tokens
        gain = worth(total, upto[-1] - upto[number] - total, turns, terms)
        if gain > best:
            best, found = gain, number
    return found
