"""The fold: one part after another is decided, from itself and what came before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tokenpak.canonical import Part
from tokenpak.compression import epochs, markers, reminders
from tokenpak.compression.counting import PartCounts
from tokenpak.compression.cuts import words_of
from tokenpak.compression.draft import make_draft
from tokenpak.compression.kinds import kind
from tokenpak.compression.lines import Numbered, read_lines
from tokenpak.compression.select import Plan
from tokenpak.compression.sources import texts_of
from tokenpak.compression.state import Cutting, State
from tokenpak.errors import WireError
from tokenpak.forms.gutter import COPIED
from tokenpak.recovery import raw_path
from tokenpak.tokens import count
from tokenpak.toolcall import label

Keep = Callable[[str], object]
"""Takes each text of which something is left out, before it is."""


@dataclass(frozen=True, slots=True)
class Fold:
    """How states grow under one plan."""

    plan: Plan
    counts: PartCounts
    keep: Keep

    def extend(self, state: State, parts: Sequence[Part]) -> State:
        """The state after all of *parts*, of which *state* has seen the first; may change it."""
        keep_tokens = self.plan.epoch_keep
        while state.parts < len(parts):
            number = state.parts
            self._one(state, parts[number])
            if keep_tokens is None:
                continue
            self._measure(state, number, parts[number])
            seen = parts[: number + 1]
            if epochs.advance(state.sizes, seen, keep_tokens, self.plan.threshold_tokens):
                state = self._again(state, seen)
        return state

    def _again(self, old: State, parts: Sequence[Part]) -> State:
        """A new epoch: everything from the beginning, without what is cleared now."""
        state = State(sizes=old.sizes.restarted())
        for part in parts:
            number = state.parts
            self._one(state, part)
            self._measure(state, number, part)
        return state

    def _measure(self, state: State, number: int, part: Part) -> None:
        raw = self.counts.of(part)
        state.sizes.add(raw, raw - state.saved.get(number, 0))

    def _one(self, state: State, part: Part) -> None:
        number = state.parts
        state.parts += 1
        if state.tokens <= self.plan.threshold_tokens:
            state.tokens += self.counts.of(part)
        if part.kind in ("image", "other"):
            return
        try:
            text = part.text
        except WireError:
            return  # unreadable: it goes out as it came, and nothing refers to it
        if number in state.sizes.cleared:
            self._clear(state, number, part, text)
        elif part.kind == "tool_result":
            self._result(state, number, part, text)
        else:
            self._source(state, part, text)

    def _source(self, state: State, part: Part, text: str) -> None:
        if self.plan.raw_folder is not None and part.kind in ("text", "tool_use"):
            state.words |= words_of(text)
        if part.kind == "tool_use" and _copies_gutter(part):
            state.gutter_copied = True
        if self.plan.references:
            for name, source in texts_of(part):
                state.index.add(name, read_lines(source))

    def _result(self, state: State, number: int, part: Part, text: str) -> None:
        change = state.tokens > self.plan.threshold_tokens and part.span is not None
        draft = make_draft(part, self.counts.of, self.plan, state) if change else None
        if draft is not None:
            if draft.whole is not None:
                self._cut(state, number, part, draft.whole)
            state.put(number, draft.text, draft.saved_by)
        if self.plan.references:
            lines = draft.lines if draft is not None and draft.lines else read_lines(text)
            state.index.add(label(part.call, part.tool), lines, draft.literal if draft else None)
            state.reminder = draft.reminder if draft else reminders.last_of(text, state.reminder)

    def _clear(self, state: State, number: int, part: Part, text: str) -> None:
        """Put a marker in place of *part*; its name still counts, as later names build on it."""
        path = None
        if self.plan.raw_folder is not None:
            path = self._cut(state, number, part, text)
        marker = markers.cleared(kind(part.call) or "tool", text.count("\n") + 1, path)
        state.put(number, marker, {"epochs": self.counts.of(part) - count(marker)})
        state.index.add(label(part.call, part.tool), Numbered([], [], False))

    def _cut(self, state: State, number: int, part: Part, whole: str) -> str:
        """Have *whole* kept, and remember where."""
        self.keep(whole)
        path = raw_path(self.plan.raw_folder or "", whole)
        state.cuts[number] = Cutting(kind(part.call) or "tool", path.rsplit("/", 1)[-1][:16])
        return path


def _copies_gutter(call: Part) -> bool:
    return any(isinstance(each, str) and COPIED.search(each) for each in call.arguments.values())
