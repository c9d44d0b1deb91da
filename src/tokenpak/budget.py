"""Tokens shared among blocks in proportion to the square of their importance."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

_SCORES = ("relevance_score", "recency_score", "quality_score", "type_weight")


@dataclass(frozen=True, slots=True)
class BudgetBlock:
    """A reference to a block, such as `docs/a.md#v1`, with what makes it important.

    The scores lie between 0 and 1; `utility_weight` multiplies the importance. Raises ValueError
    if a figure is negative or not finite.
    """

    ref: str
    relevance_score: float = 0.5
    recency_score: float = 0.5
    quality_score: float = 1.0
    type_weight: float = 0.5
    slice_id: str | None = None
    utility_weight: float = 1.0

    def __post_init__(self) -> None:
        for name in (*_SCORES, "utility_weight"):
            value = getattr(self, name)
            if not math.isfinite(value) or value < 0:
                raise ValueError(f"{self.ref}: {name} is {value}, expected 0 or more")

    @property
    def importance(self) -> float:
        """From 0 to 10, times `utility_weight`."""
        scored = 10.0 * (
            0.4 * self.relevance_score
            + 0.2 * self.recency_score
            + 0.2 * self.quality_score
            + 0.2 * self.type_weight
        )
        return min(10.0, scored) * self.utility_weight


def quadratic_allocate(blocks: Sequence[BudgetBlock], total_tokens: int) -> dict[str, int]:
    """Share *total_tokens* among *blocks* in proportion to the square of their importance.

    Each block gets 3 % of the total first (an equal part where that is more than there is), the
    rest goes by importance², what rounding leaves to the most important ones. Returns tokens by
    `ref`; the values sum to *total_tokens* unless *blocks* is empty.
    Raises ValueError if *total_tokens* is negative or two blocks have the same `ref`.
    """
    if total_tokens < 0:
        raise ValueError(f"total_tokens is {total_tokens}, expected 0 or more")
    refs = [block.ref for block in blocks]
    repeated = sorted(ref for ref, times in Counter(refs).items() if times > 1)
    if repeated:
        raise ValueError(f"these blocks are named twice: {', '.join(repeated)}")
    if not blocks:
        return {}
    by_importance = sorted(range(len(blocks)), key=lambda at: -blocks[at].importance)
    shares = _shares(blocks, total_tokens)
    # Rounding leaves less than one token a block. Where there are more blocks than tokens,
    # the floors are 0 and all tokens are left.
    left = total_tokens - sum(shares)
    for at in by_importance[:left]:
        shares[at] += 1
    return dict(zip(refs, shares, strict=True))


def _shares(blocks: Sequence[BudgetBlock], total: int) -> list[int]:
    number = len(blocks)
    floor = total * 3 // 100
    if floor * number > total:
        floor = max(1, total // number)
    if floor * number > total:
        return [0] * number
    # Exact: floats would lose tokens of very large totals.
    weights = [Fraction(block.importance) ** 2 for block in blocks]
    whole = sum(weights)
    rest = total - floor * number
    if not whole:
        return [floor + rest // number] * number
    return [floor + int(rest * weight / whole) for weight in weights]
