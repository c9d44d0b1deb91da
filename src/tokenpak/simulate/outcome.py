"""What the replay of a conversation came to: figures that add up, and what was lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Self


class _Sums:
    """Figures that are added field by field."""

    __slots__ = ()

    def __add__(self, other: Self) -> Self:
        names = [each.name for each in fields(self)]  # type: ignore[arg-type]
        return type(self)(*(getattr(self, name) + getattr(other, name) for name in names))


@dataclass(frozen=True, slots=True)
class Way(_Sums):
    """Requests on one way, summed over turns; tokens are o200k counts of what the model reads."""

    tokens: int = 0
    billed: float = 0.0
    """In tokens at the base input price, under prompt caching."""
    usd: float = 0.0
    """Input at the list price; of conversations whose model has one."""
    json_tokens: int = 0
    json_billed: float = 0.0
    """The same of the JSON as it is sent, by which proxies are compared."""


@dataclass(frozen=True, slots=True)
class Figures(_Sums):
    """Sums over turns, of a conversation or of many."""

    conversations: int = 0
    turns: int = 0
    direct: Way = Way()
    packed: Way = Way()
    facts: int = 0
    facts_kept: int = 0
    unpriced: int = 0
    """Conversations whose model has no price in the table."""
    without_system: int = 0
    """Conversations whose transcript holds no system prompt."""
    ms: float = 0.0
    """Time that the packer took."""

    @property
    def saved_tokens(self) -> float:
        """Share of the tokens that was not sent."""
        return _share(self.direct.tokens, self.packed.tokens)

    @property
    def saved_cost(self) -> float:
        """Share of the cost under prompt caching that was saved."""
        return _share(self.direct.billed, self.packed.billed)

    @property
    def recall(self) -> float:
        """Share of the used-later facts that were still there."""
        return self.facts_kept / self.facts if self.facts else 1.0

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        shares = {
            "saved_tokens_pct": round(100 * self.saved_tokens, 2),
            "saved_cost_pct": round(100 * self.saved_cost, 2),
            "saved_json_cost_pct": round(
                100 * _share(self.direct.json_billed, self.packed.json_billed), 2
            ),
            "recall": round(self.recall, 5),
        }
        return asdict(self) | shares


@dataclass(frozen=True, slots=True)
class Kind(_Sums):
    """One kind of content, summed over turns."""

    direct: int = 0
    packed: int = 0


@dataclass(frozen=True, slots=True)
class Lost:
    """A fact that was no longer there, and the line in which it had stood; secrets are masked."""

    fact: str
    kind: str
    used_at: int
    line: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One conversation, replayed."""

    name: str
    project: str
    agent: str
    model: str | None
    figures: Figures
    saved_by: Counter[str] = field(default_factory=Counter)
    """Tokens saved by technique, over all turns."""
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    lost: Sequence[Lost] = ()


def _share(before: float, after: float) -> float:
    return (before - after) / before if before else 0.0
