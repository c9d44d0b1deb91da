"""The packer: folds a conversation part by part, and remembers how far it came.

`pack(parts[:k])` is a prefix of `pack(parts)` for every k: each part is decided once, from itself
and the parts before it. The memo only saves work; without it the same texts come out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tokenpak.canonical import Part
from tokenpak.compression import reminders
from tokenpak.compression.counting import PartCounts
from tokenpak.compression.draft import make_draft
from tokenpak.compression.lines import read_lines
from tokenpak.compression.memo import Memo, chain
from tokenpak.compression.select import Plan
from tokenpak.compression.sources import texts_of
from tokenpak.compression.state import State
from tokenpak.errors import WireError
from tokenpak.forms.gutter import COPIED
from tokenpak.toolcall import label


@dataclass(frozen=True, slots=True)
class Packed:
    """New texts by part number; parts that are not named stay as they are."""

    texts: Mapping[int, str]
    saved_by: Mapping[str, int]
    """Tokens saved by technique, by exact count; the sum is what the request lost."""

    @property
    def saved_tokens(self) -> int:
        return sum(self.saved_by.values())


class Packer:
    """Packs conversations under one memo; safe to use from several threads."""

    def __init__(self, memo_bytes: int = 32 << 20) -> None:
        self._memo = Memo(memo_bytes)
        self._counts = PartCounts()

    def pack(self, parts: Sequence[Part], plan: Plan) -> Packed:
        """New texts for *parts*, a conversation from its first part on."""
        if not plan.forms and not plan.references:
            return Packed({}, {})
        keys = chain(parts, plan)
        state = self._memo.take(keys)
        for number in range(state.parts, len(parts)):
            self._fold(state, number, parts[number], plan)
        packed = Packed(dict(state.texts), dict(state.saved_by))
        self._memo.put(keys, state)
        return packed

    def tokens(self, parts: Sequence[Part]) -> int:
        """Exact tokens of *parts* as they came; what earlier turns held is not recounted."""
        return self._counts.total(parts)

    def _fold(self, state: State, number: int, part: Part, plan: Plan) -> None:
        state.parts = number + 1
        if state.tokens <= plan.threshold_tokens:
            state.tokens += self._counts.of(part)
        if part.kind in ("image", "other"):
            return
        try:
            text = part.text
        except WireError:
            return  # unreadable: it goes out as it came, and nothing refers to it
        if part.kind == "tool_result":
            self._fold_result(state, number, part, text, plan)
            return
        if part.kind == "tool_use" and _copies_gutter(part):
            state.gutter_copied = True
        if plan.references:
            for name, source in texts_of(part):
                state.index.add(name, read_lines(source))

    def _fold_result(self, state: State, number: int, part: Part, text: str, plan: Plan) -> None:
        change = state.tokens > plan.threshold_tokens and part.span is not None
        draft = make_draft(part, self._counts.of, plan, state) if change else None
        if draft is not None:
            state.texts[number] = draft.text
            state.chars += len(draft.text)
            state.saved_by.update(draft.saved_by)
        if plan.references:
            lines = draft.lines if draft is not None and draft.lines else read_lines(text)
            state.index.add(label(part.call, part.tool), lines, draft.literal if draft else None)
            state.reminder = draft.reminder if draft else reminders.last_of(text, state.reminder)


def _copies_gutter(call: Part) -> bool:
    return any(isinstance(each, str) and COPIED.search(each) for each in call.arguments.values())
