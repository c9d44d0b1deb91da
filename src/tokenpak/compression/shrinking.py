"""Bringing a conversation that nearly fills its window to a budget, by binary search.

The alternative is a request that the provider refuses. What goes first are results that are old,
then, the oldest and least related to the present first, any result; never words of people or
agents, tool inputs, thinking, and what lies within the threshold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from tokenpak.compression.terms import Terms

T = TypeVar("T")

NEAR = 0.85
"""Share of the window at which it counts as nearly full."""
BUDGET = 0.60
"""Share of the window to which a conversation is brought."""
FULL = 0.95
"""Share of the window beyond which a request counts as refused."""


def is_near(tokens: int, terms: Terms | None) -> bool:
    """Whether *tokens*, as they would be sent, nearly fill the window."""
    return terms is not None and terms.window is not None and tokens >= NEAR * terms.window


def fewest(order: Sequence[T], size: Callable[[Sequence[T]], int], budget: int) -> list[T]:
    """The shortest beginning of *order* without which the conversation fits into *budget* tokens.

    All of *order* if it does not fit even then. *size* gives the exact size without some of them.
    """
    low, high = 0, len(order)
    while low < high:
        middle = (low + high) // 2
        if size(order[:middle]) <= budget:
            high = middle
        else:
            low = middle + 1
    return list(order[:low])
