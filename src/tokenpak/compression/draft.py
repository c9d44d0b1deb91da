"""One part as it would be sent: forms, engines, references, kept only if that is shorter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tokenpak.canonical import Part
from tokenpak.compression import lite, markers, reminders
from tokenpak.compression.cuts import LIMITS, Excerpt, cut
from tokenpak.compression.dedup import Deduped, dedup
from tokenpak.compression.kinds import kind
from tokenpak.compression.lines import Numbered, read_lines
from tokenpak.compression.select import Plan
from tokenpak.compression.state import State
from tokenpak.compression.steps import Rewriting, run
from tokenpak.forms import FORMS
from tokenpak.recovery import raw_path
from tokenpak.tokens import count

_MIN_CHARS = 1000
"""Characters below which nothing is left out of a result."""


@dataclass(slots=True)
class Draft:
    """A new text for a part, and what the packer has to remember of it.

    `lines` are those that references may point to, before references were put in; `literal` says
    which of them still stand there. The values of `saved_by` sum to the tokens saved, exactly.
    """

    text: str
    lines: Numbered | None = None
    literal: list[bool] | None = None
    reminder: str | None = None
    saved_by: dict[str, int] = field(default_factory=dict)
    whole: str | None = None
    """The text before lines of it were left out; None if none were."""
    rules: Counter[str] = field(default_factory=Counter)
    """Rules of engines that were applied, and how often."""


def make_draft(
    part: Part, tokens_of: Callable[[Part], int], plan: Plan, state: State
) -> Draft | None:
    """The packed form of *part*, or None where packing does not make it shorter.

    Content that imitates a marker is neutralised even if that makes it longer: a reader who takes
    it for a marker is led astray.
    """
    text = part.text
    made = Rewriting(text)
    imitates = _rewrite(made, part, plan, state)
    draft = Draft(made.text, reminder=state.reminder, whole=made.whole, rules=made.rules)
    gains = _refer(draft, part, plan, state) if plan.references else {}
    if draft.text == text:
        return None
    tokens = tokens_of(part)
    saved = tokens - count(draft.text)
    if saved > 0:
        draft.saved_by = _attributed(saved, tokens, made.versions, gains)
        return draft
    return _neutralised(text, tokens, state) if imitates else None


def make_short(
    part: Part, tokens_of: Callable[[Part], int], plan: Plan, state: State
) -> Draft | None:
    """The shortened form of *part*, which is no tool result; None where it gets no shorter."""
    made = Rewriting(part.text)
    same = lite.repeat(part.text, part, state.seen) if plan.tells_repeats else None
    if same:
        made.take("repeats", same)
    else:
        run(made, part, plan)
    tokens = tokens_of(part)
    if made.text == part.text or (saved := tokens - count(made.text)) <= 0:
        return None
    saved_by = _attributed(saved, tokens, made.versions, {})
    return Draft(made.text, saved_by=saved_by, whole=made.whole, rules=made.rules)


def _rewrite(made: Rewriting, part: Part, plan: Plan, state: State) -> bool:
    """Put *made* through forms and engines; whether its text imitated a marker."""
    if plan.tells_repeats and (same := lite.repeat(made.text, part, state.seen)):
        made.take("repeats", same)
        return False
    for name in plan.forms:
        if name != "gutter" or not state.gutter_copied:
            made.take(name, FORMS[name].apply(made.text, part))
    # Before any marker of ours is in it.
    marked = plan.references or plan.tells_repeats
    imitates = marked and markers.imitates(made.text)
    if imitates:
        made.text = markers.neutralise(made.text)
    run(made, part, plan)
    return imitates


def _refer(draft: Draft, part: Part, plan: Plan, state: State) -> dict[str, int]:
    """Put references into *draft*; returns tokens gained by kind, each counted on its own."""
    gains = {}
    draft.text, folded = reminders.fold(draft.text, state.reminder)
    draft.reminder = reminders.last_of(draft.text, state.reminder)
    if folded and state.reminder is not None:
        gains["reminders"] = folded * (count(state.reminder) - count(markers.SAME_REMINDER))
    whole = draft.text
    draft.lines = read_lines(whole)
    deduped = dedup(whole, draft.lines, state.index)
    draft.text, draft.literal = deduped.text, deduped.literal
    if deduped.gain:
        gains["references"] = deduped.gain
    _leave_out(draft, whole, deduped, part, plan, state, gains)
    return gains


def _leave_out(
    draft: Draft,
    whole: str,
    deduped: Deduped,
    part: Part,
    plan: Plan,
    state: State,
    gains: dict[str, int],
) -> None:
    """Cut what is huge and meant to be skimmed; *whole* is what the file will hold."""
    sort = kind(part.call)
    limit = LIMITS.get(plan.pipeline, {}).get(sort) if sort is not None else None
    if plan.raw_folder is None or sort is None or limit is None or len(draft.text) < _MIN_CHARS:
        return
    if draft.whole is not None:
        return  # a filter has said already where the whole text is
    tokens = count(draft.text)
    excerpt = Excerpt(sort, tokens, state.words, raw_path(plan.raw_folder, whole), limit)
    if not excerpt.may_hold_noise:
        return
    shown = cut(draft.text.split("\n"), deduped.first_lines(), len(deduped.literal), excerpt)
    if shown is not None and (gain := tokens - count(shown.text)) > 0:
        literal = zip(deduped.literal, shown.gone, strict=True)
        draft.literal = [here and not gone for here, gone in literal]
        draft.text, draft.whole = shown.text, whole
        gains["cuts"] = gain


def _attributed(
    saved: int, tokens: int, versions: list[tuple[str, str]], gains: dict[str, int]
) -> dict[str, int]:
    """*saved* shared among the techniques by what each was counted to gain.

    Tokens at the border of two pieces belong to neither; they go to the largest share, so that
    the sum is what the whole text lost.
    """
    shares = dict(gains)
    if len(versions) == 1:
        shares[versions[0][0]] = saved - sum(gains.values())
    elif versions:
        sizes = [tokens, *(count(version) for _, version in versions)]
        for (name, _), before, after in zip(versions, sizes, sizes[1:], strict=False):
            shares[name] = before - after
    largest = max(shares, key=lambda name: shares[name])
    shares[largest] += saved - sum(shares.values())
    return {name: tokens for name, tokens in shares.items() if tokens}


def _neutralised(text: str, tokens: int, state: State) -> Draft:
    """*text* with nothing done to it but the imitations made harmless."""
    harmless = markers.neutralise(text)
    return Draft(
        harmless,
        read_lines(harmless),
        reminder=reminders.last_of(harmless, state.reminder),
        saved_by={"markers": tokens - count(harmless)},
    )
