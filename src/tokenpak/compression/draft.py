"""One part as it would be sent: forms, engines, references, kept only if that is shorter."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tokenpak.canonical import Part
from tokenpak.compression import lite, markers, reminders
from tokenpak.compression.cuts import LIMITS, Cut, Excerpt, cut, words_of
from tokenpak.compression.dedup import Deduped, dedup
from tokenpak.compression.kinds import kind
from tokenpak.compression.known import Known
from tokenpak.compression.lines import read_lines
from tokenpak.compression.select import Plan
from tokenpak.compression.state import Draft, State
from tokenpak.compression.steps import Rewriting, run
from tokenpak.forms import FORMS
from tokenpak.recovery import raw_path
from tokenpak.tokens import count

_MARKING = frozenset({"lite", "rtk"})
"""Engines that leave markers."""
_MIN_CHARS = 1000
"""Characters below which nothing is left out of a result."""


def make_draft(
    part: Part, tokens_of: Callable[[Part], int], plan: Plan, state: State, known: Known
) -> Draft | None:
    """The packed form of *part*, or None where packing does not make it shorter.

    Content that imitates a marker is neutralised even if that makes it longer: a reader who takes
    it for a marker is led astray.
    """
    text = part.text
    made, imitates = _rewritten(part, plan, state, known)
    draft = Draft(made.text, reminder=state.reminder, whole=made.whole, rules=made.rules)
    gains = _refer(draft, part, plan, state, known) if plan.references else {}
    if draft.text == text:
        return None
    tokens = tokens_of(part)
    sent = known.of(count, draft.text) if draft.tokens is None else draft.tokens
    saved = tokens - sent
    if saved > 0:
        draft.saved_by = _attributed(saved, tokens, made.versions, gains, known)
        return draft
    return _neutralised(text, tokens, state) if imitates else None


def make_short(
    part: Part, tokens_of: Callable[[Part], int], plan: Plan, state: State, known: Known
) -> Draft | None:
    """The shortened form of *part*, which is no tool result; None where it gets no shorter."""
    made = Rewriting(part.text)
    same = lite.repeat(part.text, part, state.seen) if plan.tells_repeats else None
    if same:
        made.take("repeats", same)
    else:
        run(made, part, plan)
    tokens = tokens_of(part)
    if made.text == part.text or (saved := tokens - known.of(count, made.text)) <= 0:
        return None
    saved_by = _attributed(saved, tokens, made.versions, {}, known)
    return Draft(made.text, saved_by=saved_by, whole=made.whole, rules=made.rules)


def _rewritten(part: Part, plan: Plan, state: State, known: Known) -> tuple[Rewriting, bool]:
    """What forms and engines make of *part*, and whether its text imitated a marker."""
    if plan.tells_repeats and (same := lite.repeat(part.text, part, state.seen)):
        made = Rewriting(part.text)
        made.take("repeats", same)
        return made, False
    return known.once((_rewrite, part), lambda: _rewrite(part, plan, state))


def _rewrite(part: Part, plan: Plan, state: State) -> tuple[Rewriting, bool]:
    made = Rewriting(part.text)
    for name in plan.forms:
        if name != "gutter" or not state.gutter_copied:
            made.take(name, FORMS[name].apply(made.text, part))
    # Before any marker of ours is in it.
    marked = plan.references or any(each.engine in _MARKING for each in plan.steps)
    imitates = marked and markers.imitates(made.text)
    if imitates:
        made.text = markers.neutralise(made.text)
    run(made, part, plan)
    return made, imitates


def _refer(draft: Draft, part: Part, plan: Plan, state: State, known: Known) -> dict[str, int]:
    """Put references into *draft*; returns tokens gained by kind, each counted on its own."""
    gains = {}
    draft.text, folded = reminders.fold(draft.text, state.reminder)
    draft.reminder = reminders.last_of(draft.text, state.reminder)
    if folded and state.reminder is not None:
        gains["reminders"] = folded * (count(state.reminder) - count(markers.SAME_REMINDER))
    whole = draft.text
    draft.lines = known.of(read_lines, whole)
    deduped = dedup(whole, draft.lines, state.index, lambda each: known.of(count, each))
    draft.text, draft.literal = deduped.text, deduped.literal
    if deduped.gain:
        gains["references"] = deduped.gain
    _leave_out(draft, whole, deduped, part, plan, state, gains, known)
    return gains


def _leave_out(
    draft: Draft,
    whole: str,
    deduped: Deduped,
    part: Part,
    plan: Plan,
    state: State,
    gains: dict[str, int],
    known: Known,
) -> None:
    """Cut what is huge and meant to be skimmed; *whole* is what the file will hold."""
    sort = known.of(kind, part.call)
    limit = LIMITS.get(plan.pipeline, {}).get(sort) if sort is not None else None
    if plan.raw_folder is None or sort is None or limit is None or len(draft.text) < _MIN_CHARS:
        return
    if draft.whole is not None:
        return  # a filter has said already where the whole text is
    tokens = draft.tokens = known.of(count, draft.text)
    path = known.once((raw_path, whole), lambda: raw_path(plan.raw_folder or "", whole))
    heard = partial(known.of, words_of)
    shown = known.once(
        (cut, part, whole, deduped.text, tuple(deduped.literal)),
        lambda: _excerpted(deduped, Excerpt(sort, tokens, state.heard(heard), path, limit)),
    )
    if shown is not None and (gain := tokens - known.of(count, shown.text)) > 0:
        draft.tokens = tokens - gain
        literal = zip(deduped.literal, shown.gone, strict=True)
        draft.literal = [here and not gone for here, gone in literal]
        draft.text, draft.whole = shown.text, whole
        gains["cuts"] = gain


def _excerpted(deduped: Deduped, excerpt: Excerpt) -> Cut | None:
    if not excerpt.may_hold_noise:
        return None
    lines = deduped.text.split("\n")
    return cut(lines, deduped.first_lines(), len(deduped.literal), excerpt)


def _attributed(
    saved: int,
    tokens: int,
    versions: list[tuple[str, str]],
    gains: dict[str, int],
    known: Known,
) -> dict[str, int]:
    """*saved* shared among the techniques by what each was counted to gain.

    Tokens at the border of two pieces belong to neither; they go to the largest share, so that
    the sum is what the whole text lost. Where no technique gained any, it was the backslash before
    an imitated marker.
    """
    shares = dict(gains)
    if len(versions) == 1:
        shares[versions[0][0]] = saved - sum(gains.values())
    elif versions:
        sizes = [tokens, *(known.of(count, version) for _, version in versions)]
        for (name, _), before, after in zip(versions, sizes, sizes[1:], strict=False):
            shares[name] = before - after
    largest = max(shares, key=lambda name: shares[name], default="markers")
    shares[largest] = shares.get(largest, 0) + saved - sum(shares.values())
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
