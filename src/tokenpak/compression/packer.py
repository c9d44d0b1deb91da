"""The packer: folds a conversation part by part, and remembers how far it came.

`pack(parts[:k])` is a prefix of `pack(parts)` for every k: each part is decided once, from itself
and the parts before it. The memo only saves work; without it the same texts come out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tokenpak.canonical import Part
from tokenpak.compression import dedup, markers, reminders
from tokenpak.compression.lines import read_lines
from tokenpak.compression.memo import Memo, chain
from tokenpak.compression.select import Plan
from tokenpak.compression.sources import texts_of
from tokenpak.compression.state import State
from tokenpak.errors import WireError
from tokenpak.forms import FORMS
from tokenpak.forms.gutter import COPIED
from tokenpak.tokens import count
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

    def pack(self, parts: Sequence[Part], plan: Plan) -> Packed:
        """New texts for *parts*, a conversation from its first part on."""
        if not plan.forms and not plan.references:
            return Packed({}, {})
        keys = chain(parts, plan)
        state = self._memo.take(keys)
        for number in range(state.parts, len(parts)):
            _fold(state, number, parts[number], plan)
        packed = Packed(dict(state.texts), dict(state.saved_by))
        self._memo.put(keys, state)
        return packed


def _fold(state: State, number: int, part: Part, plan: Plan) -> None:
    state.parts = number + 1
    if part.kind in ("image", "other"):
        return
    try:
        text = part.text
    except WireError:
        return  # unreadable: it goes out as it came, and nothing refers to it
    beyond = state.tokens > plan.threshold_tokens
    if not beyond:
        state.tokens += count(text)
        beyond = state.tokens > plan.threshold_tokens
    if part.kind == "tool_result":
        _fold_result(state, number, part, text, plan, change=beyond and part.span is not None)
        return
    if part.kind == "tool_use" and _copies_gutter(part):
        state.gutter_copied = True
    if plan.references:
        for name, source in texts_of(part):
            state.index.add(name, read_lines(source))


def _fold_result(
    state: State, number: int, part: Part, text: str, plan: Plan, *, change: bool
) -> None:
    steps = _Steps(text)
    if change:
        for form in plan.forms:
            if not (form == "gutter" and state.gutter_copied):
                steps.take(form, FORMS[form].apply(steps.text, part))
    if plan.references:
        _refer(state, steps, label(part.call, part.tool), change=change)
    if steps.text != text:
        state.texts[number] = steps.text
        state.chars += len(steps.text)
        state.saved_by.update(steps.saved_by)


def _refer(state: State, steps: _Steps, name: str, *, change: bool) -> None:
    """Point back to what the state knows, then let the state know what is new."""
    if change and markers.imitates(steps.text):
        steps.text = markers.neutralise(steps.text)
    formed, state.reminder = reminders.fold(steps.text, state.reminder)
    if change:
        steps.take("reminders", formed)
    numbered = read_lines(steps.text)
    literal = None
    if change:
        deduped = dedup.dedup(steps.text, numbered, state.index)
        steps.take("references", deduped.text)
        if steps.text == deduped.text:
            literal = deduped.literal
    state.index.add(name, numbered, literal)


def _copies_gutter(call: Part) -> bool:
    return any(isinstance(each, str) and COPIED.search(each) for each in call.arguments.values())


class _Steps:
    """A text on its way through the techniques; a step that does not make it shorter is undone."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.saved_by: dict[str, int] = {}
        self._tokens: int | None = None

    def take(self, name: str, text: str) -> None:
        if text == self.text:
            return
        if self._tokens is None:
            self._tokens = count(self.text)
        tokens = count(text)
        if tokens < self._tokens:
            self.saved_by[name] = self._tokens - tokens
            self.text, self._tokens = text, tokens
