"""The packer: folds a conversation part by part, and remembers how far it came.

`pack(parts[:k])` is a prefix of `pack(parts)` for every k: each part is decided once, from itself
and the parts before it. The memo only saves work; without it the same texts come out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tokenpak.canonical import Part
from tokenpak.compression.counting import PartCounts
from tokenpak.compression.fold import Fold, Keep
from tokenpak.compression.known import Known
from tokenpak.compression.memo import Memo, chain
from tokenpak.compression.select import Plan
from tokenpak.compression.state import Cutting, State
from tokenpak.flow import Epoch
from tokenpak.wire.splice import literal


@dataclass(frozen=True, slots=True)
class Packed:
    """New texts by part number; parts that are not named stay as they are."""

    texts: Mapping[int, str]
    saved_by: Mapping[str, int]
    """Tokens saved by technique, by exact count; the sum is what the request lost."""
    saved: Mapping[int, int] = field(default_factory=dict)
    """The same by part number."""
    cuts: Mapping[int, Cutting] = field(default_factory=dict)
    """The parts of which something was left out."""
    literals: Mapping[int, bytes] = field(default_factory=dict)
    """The new texts as JSON strings, ready to be spliced in."""
    rules: Mapping[str, int] = field(default_factory=dict)
    """Rules of engines that were applied, and how often."""

    epochs: tuple[Epoch, ...] = ()
    """All of the conversation so far."""
    beyond_threshold: bool = False
    """Whether the conversation is longer than the plan's threshold."""

    @property
    def saved_tokens(self) -> int:
        return sum(self.saved_by.values())

    def with_text(self, number: int, text: str, technique: str, saved: int) -> Packed:
        """This with *text* for part *number*, by which *technique* saves *saved* tokens more."""
        return replace(
            self,
            texts={**self.texts, number: text},
            literals={**self.literals, number: literal(text)},
            saved={**self.saved, number: self.saved.get(number, 0) + saved},
            saved_by={**self.saved_by, technique: self.saved_by.get(technique, 0) + saved},
        )


class Packer:
    """Packs conversations under one memo; safe to use from several threads."""

    def __init__(self, memo_bytes: int = 32 << 20) -> None:
        self._memo = Memo(memo_bytes)
        self._counts = PartCounts()

    def pack(
        self,
        parts: Sequence[Part],
        plan: Plan,
        keep: Keep = lambda whole: None,
        digests: Sequence[bytes] | None = None,
        cold: frozenset[int] = frozenset(),
        *,
        afresh: bool = False,
    ) -> Packed:
        """New texts for *parts*, a conversation from its first part on.

        *keep* is called with each text of which lines are left out, before it is; if it raises,
        nothing is packed and nothing remembered. *digests* are those of *parts*, if known.
        *cold* are the sizes at which an epoch was decided on, in parts. With *afresh* everything
        is done once more, and so *keep* called for each text again.
        """
        if plan.does_nothing:
            return Packed({}, {})
        # A token is at least a byte, so all of this lies within the threshold.
        if sum(len(part.literal) for part in parts) <= plan.untouched_tokens:
            return Packed({}, {})
        keys = chain(parts, plan, digests, cold)
        before = State() if afresh else self._memo.take(keys)
        known = Known(remembers=plan.epoch_keep is not None)
        state = Fold(plan, self._counts, keep, known, cold).extend(before, parts)
        packed = Packed(
            texts=dict(state.texts),
            saved_by=dict(state.saved_by),
            saved=dict(state.saved),
            cuts=dict(state.cuts),
            literals=dict(state.literals),
            rules=dict(state.rules),
            epochs=state.sizes.epochs,
            beyond_threshold=state.tokens > plan.threshold_tokens,
        )
        self._memo.put(keys, state)
        return packed

    def tokens(self, parts: Sequence[Part]) -> int:
        """Exact tokens of *parts* as they came; what earlier turns held is not recounted."""
        return self._counts.total(parts)
