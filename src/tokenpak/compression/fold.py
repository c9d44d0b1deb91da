"""The fold: one part after another is decided, from itself and what came before it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tokenpak.canonical import Part
from tokenpak.compression import epochs, lite, reminders
from tokenpak.compression.counting import PartCounts
from tokenpak.compression.digests import Digest
from tokenpak.compression.draft import make_draft, make_short
from tokenpak.compression.epochs import Ledger
from tokenpak.compression.kinds import kind
from tokenpak.compression.known import Known
from tokenpak.compression.lines import Numbered, read_lines
from tokenpak.compression.select import Plan
from tokenpak.compression.sources import texts_of
from tokenpak.compression.state import Cutting, Draft, State
from tokenpak.compression.steps import touches
from tokenpak.errors import StoreError, WireError
from tokenpak.flow import Why
from tokenpak.forms.gutter import COPIED
from tokenpak.recovery import names_kept, raw_path
from tokenpak.tokens import count
from tokenpak.toolcall import label

logger = logging.getLogger("tokenpak.compression")

Keep = Callable[[str], object]
"""Takes each text of which something is left out, before it is."""

_NO_LINES = Numbered([], [], [], [], False)
_NONE: Mapping[int, Draft | None] = {}


@dataclass(frozen=True, slots=True)
class Fold:
    """How states grow under one plan."""

    plan: Plan
    counts: PartCounts
    keep: Keep
    known: Known
    cold: frozenset[int] = frozenset()
    """Numbers of parts after which an epoch was decided on, as no cache held them any more."""
    refused: frozenset[str] = frozenset()
    """Texts that could not be kept: nothing is left out of them."""

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
        if refused := self._refused(state):
            return replace(self, refused=self.refused | refused).extend(State(), parts)
        state.wholes, state.drafts = {}, {}
        state.write()
        return state

    def _refused(self, state: State) -> set[str]:
        """Have all that *state* leaves out kept; what cannot be, but could go out whole.

        Raises StoreError where it is what an epoch has put a digest in place of.
        """
        found = set()
        for number, whole in state.wholes.items():
            try:
                self.keep(whole)
            except StoreError as error:
                if number in state.sizes.aged:
                    raise
                logger.warning("nothing was left out of a text: %s", error)
                found.add(whole)
        return found

    def _epoch(self, state: State, parts: Sequence[Part], why: Why) -> State:
        """The state after *parts*, which *state* has seen, in a new epoch if that is better."""
        old = state.sizes
        aged = epochs.ageing(old, parts, self.plan, why, self.known)
        if why == "window":
            aged = epochs.fitted(old, parts, self.plan, aged, self._trial(state, parts), self.known)
        if not aged:
            return state
        fresh = self._again(state, parts, aged)
        return fresh if epochs.taken(old, fresh.sizes, self.plan, why) else state

    def _trial(self, old: State, parts: Sequence[Part]) -> Callable[[Mapping[int, Digest]], Ledger]:
        """Gives the sizes of *parts* as they would be sent with some digests; keeps no text."""
        known: dict[frozenset[tuple[int, str]], Ledger] = {}

        def sizes(aged: Mapping[int, Digest]) -> Ledger:
            key = frozenset((number, each.text) for number, each in aged.items())
            if key not in known:
                known[key] = self._again(old, parts, aged).sizes
            return known[key]

        return sizes

    def _again(self, old: State, parts: Sequence[Part], aged: Mapping[int, Digest]) -> State:
        """Everything from the beginning, with *aged* besides what was aged before."""
        state = State(sizes=old.sizes.restarted({**old.sizes.aged, **aged}))
        first = min(aged, default=len(parts))
        for number, part in enumerate(parts):
            # Before the first change all is decided as it was.
            self._one(state, part, old.drafts if number < first else _NONE)
            self._measure(state, number, part)
        return state

    def _measure(self, state: State, number: int, part: Part) -> None:
        raw = self.known.of(self.counts.of, part)
        state.sizes.add(part, raw, raw - state.saved.get(number, 0))

    def _one(self, state: State, part: Part, decided: Mapping[int, Draft | None] = _NONE) -> None:
        number = state.parts
        state.parts += 1
        if state.tokens <= self.plan.threshold_tokens:
            state.tokens += self.known.of(self.counts.of, part)
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
        draft = decided[number] if number in decided else self._draft(state, part, plan)
        state.drafts[number] = draft
        if draft is not None:
            self._put(state, number, part, draft)
        if part.kind == "tool_result":
            self._result(state, part, draft)
        else:
            self._source(state, part, draft)
        if self.plan.remembers:
            lite.remember(text, part, state.seen)

    def _draft(self, state: State, part: Part, plan: Plan | None) -> Draft | None:
        if plan is None:
            return None
        if part.kind == "tool_result":
            make = make_draft
        elif plan.tells_repeats or touches(part, plan):
            make = make_short
        else:
            return None
        draft = make(part, self.counts.of, plan, state, self.known)
        if draft is None or draft.whole is None:
            return draft
        if draft.whole not in self.refused and not _fetches(part.call):
            return draft
        return make(part, self.counts.of, plan.uncut, state, Known(remembers=False))

    def _source(self, state: State, part: Part, draft: Draft | None) -> None:
        known = self.known
        if self.plan.folder is not None and part.kind in ("text", "tool_use"):
            state.said.append(part.text)
        if part.kind == "tool_use" and known.of(_copies_gutter, part):
            state.gutter_copied = True
        if self.plan.refers:
            sent = draft.text if draft else None
            for name, lines in known.once((_sources, part, sent), lambda: _sources(part, sent)):
                state.index.add(name, lines)

    def _result(self, state: State, part: Part, draft: Draft | None) -> None:
        if self.plan.refers:
            sent = draft.text if draft is not None else part.text
            lines = (
                draft.lines
                if draft is not None and draft.lines
                else self.known.of(read_lines, sent)
            )
            state.index.add(self.known.of(_name, part), lines, draft.literal if draft else None)
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
        saved = self.known.of(self.counts.of, part) - self.known.of(count, digest.text)
        state.put(number, digest.text, {"epochs": saved})
        state.index.add(self.known.of(_name, part), _NO_LINES)
        if self.plan.remembers:
            lite.remember(digest.text, part, state.seen)

    def _cut(self, state: State, number: int, part: Part, whole: str) -> None:
        """Let *whole* be kept, and remember where."""
        state.wholes[number] = whole
        folder = self.plan.folder or ""
        path = self.known.once((raw_path, whole), lambda: raw_path(folder, whole))
        sort = self.known.of(kind, part.call)
        state.cuts[number] = Cutting(sort or "tool", path.rsplit("/", 1)[-1][:16])


def _fetches(call: Part | None) -> bool:
    """Whether *call* asks for what was left out, which then must not be left out again."""
    return call is not None and names_kept(call.literal.decode("utf-8", "replace"))


def _name(result: Part) -> str:
    return label(result.call, result.tool)


def _sources(part: Part, sent: str | None) -> list[tuple[str, Numbered]]:
    return [(name, read_lines(text)) for name, text in texts_of(part, sent)]


def _copies_gutter(call: Part) -> bool:
    return any(
        isinstance(each, str) and "→" in each and COPIED.search(each)
        for each in call.arguments.values()
    )
