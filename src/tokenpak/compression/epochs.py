"""Epochs: at milestones of a conversation, what is old goes out shorter than it was sent before.

A milestone is a size of the client's own conversation, so the same prefix always has the same
epochs. Between two milestones nothing that was sent changes. There are three reasons for one: the
planner's sum (`sum`), a cache that has run out, so that a rewrite is free (`cold`), and a context
window that is nearly full (`window`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tokenpak.canonical import Part
from tokenpak.compression import planner, relevance, shrinking
from tokenpak.compression.ageing import History, Result
from tokenpak.compression.cuts import words_of
from tokenpak.compression.digests import Digest, digest, piece
from tokenpak.compression.known import Known
from tokenpak.compression.select import Plan
from tokenpak.compression.terms import Terms
from tokenpak.errors import WireError
from tokenpak.flow import Epoch, Why
from tokenpak.tokens import count

FIRST = 12_000
"""Tokens of the first milestone."""
CHECK, CHECK_GROWTH = 2_000, 1.05
STEP, GROWTH = 6_000, 1.15
"""After a milestone without an epoch the next follows by CHECK tokens or CHECK_GROWTH times, after
one with an epoch by STEP or GROWTH, whatever is more: the work of all milestones together stays
linear in the length of the conversation."""
MIN_TOKENS = 100
"""Smaller results stay: their marker would cost as much."""
MIN_FREED = 20
"""Tokens that a digest must free."""
RECENT = 8_000
"""Tokens at the end whose words tell what the conversation is about now."""
_MARKER_TOKENS = 40
_PRUNED = frozenset({"ultra"})
"""Pipelines that keep of old results the lines that are about the present."""
_ALONE = Terms()


@dataclass(slots=True)
class Ledger:
    """Sizes of a conversation as the packer goes along it, and its epochs so far.

    `sent[i]` is part i in tokens as it is sent. `aged` holds what is sent in place of old results.
    """

    history: History = field(default_factory=History)
    sent: list[int] = field(default_factory=list)
    total: int = 0
    """The sum of `sent`."""
    aged: Mapping[int, Digest] = field(default_factory=dict)
    milestone: int = FIRST
    window_milestone: int = 0
    """Below this size as it is sent, a full window is no reason for an epoch."""
    epochs: tuple[Epoch, ...] = ()

    def restarted(self, aged: Mapping[int, Digest]) -> Ledger:
        """The same epochs with *aged*, before any part has been sent."""
        return Ledger(self.history, [], 0, aged, self.milestone, self.window_milestone, self.epochs)

    def add(self, part: Part, raw: int, sent: int) -> None:
        """Take in the next part."""
        if len(self.sent) == len(self.history.ends):
            self.history.add(part, raw)
        self.sent.append(sent)
        self.total += sent


def due(ledger: Ledger, plan: Plan, *, cold: bool) -> Why | None:
    """Why an epoch may begin after the last part of *ledger*; None if it may not.

    *cold* says that it was decided so, as no cache holds what was sent before.
    """
    size = ledger.history.ends[-1]
    if shrinking.is_near(ledger.total, plan.terms) and ledger.total >= ledger.window_milestone:
        ledger.window_milestone = int(ledger.total * CHECK_GROWTH) + 1
        return "window"
    if size >= ledger.milestone:
        ledger.milestone = max(size + CHECK, int(size * CHECK_GROWTH))
        return "cold" if cold else "sum"
    return "cold" if cold else None


def ageing(
    ledger: Ledger, parts: Sequence[Part], plan: Plan, why: Why, known: Known
) -> Mapping[int, Digest]:
    """What an epoch for the reason *why* sends in place of old results, besides those before."""
    terms = plan.terms or _ALONE
    old = list(_candidates(ledger, plan, terms))
    freed = [(each.number, ledger.sent[each.number] - _MARKER_TOKENS) for each in old]
    start: int | None = 0
    if why == "sum":
        history = ledger.history
        room = int((terms.window or 10**9) * shrinking.NEAR)
        turns = planner.expected_turns(history.turns, history.ends[-1], room)
        start = planner.best_start(ledger.sent, freed, turns, terms) if freed else None
    if start is None:
        return {}
    words = recent_words(ledger, parts, known) if plan.pipeline in _PRUNED else None
    found = {}
    for each in old:
        if each.number >= start:
            outdated = ledger.history.is_outdated(each)
            made = digest(parts[each.number], each, plan, known, words, outdated=outdated)
            if ledger.sent[each.number] - known.of(count, made.text) >= MIN_FREED:
                found[each.number] = made
    return found


def _candidates(ledger: Ledger, plan: Plan, terms: Terms) -> list[Result]:
    # Where a rewrite begins at the start anyway, and so comes seldom, younger results go with it.
    old = ledger.history.old(
        plan.pipeline,
        plan.epoch_keep or 0,
        recoverable=plan.raw_folder is not None,
        younger=2 if terms.whole else 1,
    )
    return [each for each in old if is_open(ledger, each, plan)]


def is_open(ledger: Ledger, result: Result, plan: Plan) -> bool:
    """Whether *result* may be aged: beyond the threshold, not small, not aged already."""
    number = result.number
    return (
        number not in ledger.aged
        and ledger.sent[number] >= MIN_TOKENS
        and ledger.history.ends[number] > plan.threshold_tokens
    )


def recent_words(ledger: Ledger, parts: Sequence[Part], known: Known) -> set[str]:
    """The words of users and agents in the last RECENT tokens."""
    ends = ledger.history.ends
    found: set[str] = set()
    for number in range(len(ends) - 1, -1, -1):
        if ends[-1] - ends[number] > RECENT:
            break
        if parts[number].kind in ("text", "tool_use"):
            try:
                found |= known.of(words_of, parts[number].text)
            except WireError:
                continue  # unreadable: it goes out as it came
    return found


def fitted(
    ledger: Ledger,
    parts: Sequence[Part],
    plan: Plan,
    aged: Mapping[int, Digest],
    rewritten: Callable[[Mapping[int, Digest]], Ledger],
    known: Known,
) -> Mapping[int, Digest]:
    """*aged*, and as many further results as bring the conversation to the budget of its window.

    *rewritten* gives the conversation as it would be sent with some digests. What the agent has
    not answered yet goes only where the request would be refused with it.
    """
    window = (plan.terms or _ALONE).window or 10**9
    order, fresh = _order(ledger, parts, plan, aged, known)
    aged = _without(order, parts, plan, aged, rewritten, int(window * shrinking.BUDGET), known)
    return _without(fresh, parts, plan, aged, rewritten, int(window * shrinking.FULL), known)


def _without(
    results: Sequence[Result],
    parts: Sequence[Part],
    plan: Plan,
    aged: Mapping[int, Digest],
    rewritten: Callable[[Mapping[int, Digest]], Ledger],
    budget: int,
    known: Known,
) -> Mapping[int, Digest]:
    """*aged*, and as many of *results*, from the first on, as must go to fit into *budget*."""
    if rewritten(aged).total <= budget:
        return aged
    bare = {each.number: digest(parts[each.number], each, plan, known) for each in results}

    def made(gone: Sequence[Result]) -> dict[int, Digest]:
        return {**aged, **{each.number: bare[each.number] for each in gone}}

    gone = shrinking.fewest(results, lambda some: rewritten(made(some)).total, budget)
    found = made(gone)
    if not gone:
        return found
    # Of the last one as much may stay as fits.
    last = gone[-1].number
    room = budget - rewritten(found).total + count(bare[last].text)
    more = {**found, last: piece(parts[last], gone[-1], plan, room, known)}
    return more if rewritten(more).total <= budget else found


def _order(
    ledger: Ledger, parts: Sequence[Part], plan: Plan, aged: Mapping[int, Digest], known: Known
) -> tuple[list[Result], list[Result]]:
    """Results in the order in which they go, and those that were not answered yet: the less related
    to the present before the others, each time the oldest first."""
    ends = ledger.history.ends
    boundary = ends[-1] - (plan.epoch_keep or 0)
    answered = max((i for i in range(len(ends)) if parts[i].role == "assistant"), default=-1)
    every = [
        each
        for each in ledger.history.results
        if is_open(ledger, each, plan) and each.number not in aged
    ]
    fresh = [each for each in every if each.number > answered or ends[each.number] > boundary]
    older = every[: len(every) - len(fresh)]
    ranks = relevance.scores(
        [known.of(words_of, parts[each.number].text) for each in older],
        recent_words(ledger, parts, known),
    )
    middle = sorted(ranks)[len(ranks) // 2] if ranks else 0.0
    apart = [each for each, rank in zip(older, ranks, strict=True) if rank <= middle]
    related = [each for each, rank in zip(older, ranks, strict=True) if rank > middle]
    return [*apart, *related], fresh


def taken(old: Ledger, new: Ledger, plan: Plan, why: Why) -> bool:
    """Whether *new*, the conversation rewritten, is better than *old*; if so it has an epoch more.

    Only now is it known what the rewrite frees: later results may have referred to what is gone,
    and then say it themselves.
    """
    freed = old.total - new.total
    terms = plan.terms or _ALONE
    first = next(
        (i for i, pair in enumerate(zip(old.sent, new.sent, strict=True)) if pair[0] != pair[1]),
        None,
    )
    if first is None or freed <= 0:
        return False
    rewritten = sum(new.sent[terms.fixed if terms.whole else first :])
    if why == "sum":
        size = new.history.ends[-1]
        room = int((terms.window or 10**9) * shrinking.NEAR)
        turns = planner.expected_turns(new.history.turns, size, room)
        if planner.worth(freed, rewritten, turns, terms) <= 0:
            return False
    size = new.history.ends[-1]
    new.milestone = max(size + STEP, int(size * GROWTH))
    new.epochs = (*old.epochs, Epoch(len(new.sent), first, freed, rewritten, why))
    return True
