"""The fold: one part after another is decided, from itself and what came before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tokenpak.canonical import Part
from tokenpak.compression import epochs, lite, reminders
from tokenpak.compression.counting import PartCounts
from tokenpak.compression.cuts import words_of
from tokenpak.compression.digests import Digest
from tokenpak.compression.draft import Draft, make_draft, make_short
from tokenpak.compression.epochs import Ledger
from tokenpak.compression.kinds import kind
from tokenpak.compression.lines import Numbered, read_lines
from tokenpak.compression.select import Plan
from tokenpak.compression.sources import texts_of
from tokenpak.compression.state import Cutting, State
from tokenpak.compression.steps import touches
from tokenpak.errors import WireError
from tokenpak.flow import Why
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
    cold: frozenset[int] = frozenset()
    """Numbers of parts after which an epoch was decided on, as no cache held them any more."""

    def extend(self, state: State, parts: Sequence[Part]) -> State:
        """The state after all of *parts*, of which *state* has seen the first; may change it."""
        while state.parts < len(parts):
            number = state.parts
            self._one(state, parts[number])
            if self.plan.epoch_keep is None:
                continue
            self._measure(state, number, parts[number])
            cold = number + 1 in self.cold
            if why := epochs.due(state.sizes, self.plan, cold=cold):
                state = self._epoch(state, parts[: number + 1], why)
        return state

    def _epoch(self, state: State, parts: Sequence[Part], why: Why) -> State:
        """The state after *parts*, which *state* has seen, in a new epoch if that is better."""
        old = state.sizes
        aged = epochs.ageing(old, parts, self.plan, why)
        if why == "window":
            aged = epochs.fitted(old, parts, self.plan, aged, self._trial(old, parts))
        if not aged:
            return state
        fresh = self._again(old, parts, aged)
        return fresh if epochs.taken(old, fresh.sizes, self.plan, why) else state

    def _trial(
        self, old: Ledger, parts: Sequence[Part]
    ) -> Callable[[Mapping[int, Digest]], Ledger]:
        """Gives the sizes of *parts* as they would be sent with some digests; keeps no text."""
        fold = replace(self, keep=lambda whole: None)
        known: dict[frozenset[tuple[int, str]], Ledger] = {}

        def sizes(aged: Mapping[int, Digest]) -> Ledger:
            key = frozenset((number, each.text) for number, each in aged.items())
            if key not in known:
                known[key] = fold._again(old, parts, aged).sizes
            return known[key]

        return sizes

    def _again(self, old: Ledger, parts: Sequence[Part], aged: Mapping[int, Digest]) -> State:
        """Everything from the beginning, with *aged* besides what was aged before."""
        state = State(sizes=old.restarted({**old.aged, **aged}))
        for number, part in enumerate(parts):
            self._one(state, part)
            self._measure(state, number, part)
        return state

    def _measure(self, state: State, number: int, part: Part) -> None:
        raw = self.counts.of(part)
        state.sizes.add(part, raw, raw - state.saved.get(number, 0))

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
        if number in state.sizes.aged:
            self._age(state, number, part)
            return
        plan = self.plan.at(state.tokens) if part.span is not None else None
        if part.kind == "tool_result":
            self._result(state, number, part, plan)
        else:
            self._source(state, number, part, plan)
        if self.plan.remembers:
            lite.remember(text, part, state.seen)

    def _source(self, state: State, number: int, part: Part, plan: Plan | None) -> None:
        if self.plan.folder is not None and part.kind in ("text", "tool_use"):
            state.words |= words_of(part.text)
        if part.kind == "tool_use" and _copies_gutter(part):
            state.gutter_copied = True
        draft = None
        if plan is not None and (plan.tells_repeats or touches(part, plan)):
            draft = make_short(part, self.counts.of, plan, state)
        if draft is not None:
            self._put(state, number, part, draft)
        if self.plan.refers:
            for name, source in texts_of(part, draft.text if draft else None):
                state.index.add(name, read_lines(source))

    def _result(self, state: State, number: int, part: Part, plan: Plan | None) -> None:
        draft = make_draft(part, self.counts.of, plan, state) if plan is not None else None
        if draft is not None:
            self._put(state, number, part, draft)
        if self.plan.refers:
            sent = draft.text if draft is not None else part.text
            lines = draft.lines if draft is not None and draft.lines else read_lines(sent)
            state.index.add(label(part.call, part.tool), lines, draft.literal if draft else None)
            state.reminder = draft.reminder if draft else reminders.last_of(sent, state.reminder)

    def _put(self, state: State, number: int, part: Part, draft: Draft) -> None:
        if draft.whole is not None:
            self._cut(state, number, part, draft.whole)
        state.put(number, draft.text, draft.saved_by)
        state.rules.update(draft.rules)

    def _age(self, state: State, number: int, part: Part) -> None:
        """Put its digest in place of *part*; its name still counts, as later names build on it."""
        digest = state.sizes.aged[number]
        if digest.whole is not None:
            self._cut(state, number, part, digest.whole)
        state.put(number, digest.text, {"epochs": self.counts.of(part) - count(digest.text)})
        state.index.add(label(part.call, part.tool), Numbered([], [], False))

    def _cut(self, state: State, number: int, part: Part, whole: str) -> str:
        """Have *whole* kept, and remember where."""
        self.keep(whole)
        path = raw_path(self.plan.folder or "", whole)
        state.cuts[number] = Cutting(kind(part.call) or "tool", path.rsplit("/", 1)[-1][:16])
        return path


def _copies_gutter(call: Part) -> bool:
    return any(isinstance(each, str) and COPIED.search(each) for each in call.arguments.values())
