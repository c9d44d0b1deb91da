"""The books: what the client's own bytes would have cost, and what broke the provider's cache.

Packing is prefix-pure, so the provider's cache holds of the packed conversation what it would have
held of the client's: what was taken out of the part that was read is worth a read, the rest what
new tokens cost. Everything starts from the provider's own figures; without them there is no sum.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from tokenpak import tokens
from tokenpak.canonical import CanonicalUsage
from tokenpak.flow import Flow
from tokenpak.providers.promptcache import LOOK_BACK, MIN_TOKENS, TTL_1H_S, TTL_S
from tokenpak.telemetry import epochs
from tokenpak.telemetry.attribution import Cause, Change, compare
from tokenpak.telemetry.conversations import Conversations, Prior, Session
from tokenpak.telemetry.cost import Bound, Split, reported
from tokenpak.telemetry.epochs import EpochEntry
from tokenpak.telemetry.outline import Outline, Outliner
from tokenpak.telemetry.ruler import Ruler

# Less than this share of what should have been read is not called a break: providers round.
_MIN_LOST = 0.1
_MAX_ANCHORS = 256

log = logging.getLogger("tokenpak.cache")


@dataclass(frozen=True, slots=True)
class Break:
    """A prefix that the provider should have read from its cache, and did not."""

    tokens: int | None
    """How many of them were not read; None where the provider did not say."""
    cause: Cause
    where: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger has to say of one request."""

    split: Split | None = None
    """The input of the client's own bytes; None where the provider reported none."""
    cache_break: Break | None = None
    epochs: EpochEntry = EpochEntry()


class Ledger:
    """Enters requests in the order in which they end; remembers conversations of this process."""

    def __init__(self) -> None:
        self._outliner = Outliner()
        self._conversations = Conversations()

    def enter(self, flow: Flow) -> Entry:
        """The entry of *flow*; a break is also logged. Requests that failed have none."""
        if flow.status is None or not 200 <= flow.status < 300:
            return Entry()
        usage = flow.usage or CanonicalUsage()
        if flow.trail is None:
            return Entry(unplaced(flow, usage))
        outline = self._outliner.outline(flow.trail)
        session = _session(flow)
        before = self._conversations.continued(flow.provider, flow.model, session, outline)
        change = compare(before, outline, flow.trail, flow.model) if before else None
        kept = change.kept if change else 0
        anchors = [each for each in before.anchors if each[0] <= kept] if before else []
        ruler = Ruler(flow.trail, anchors, usage.input_tokens or 0)
        lapse = _lapse(flow, usage, before, change) if before and change else None
        split = _split(flow, usage, ruler, before, lapse)
        aged = _epochs(flow, before, change, lapse)
        prior = _remembered(flow, usage, outline, ruler, before, anchors)
        prior = replace(prior, epochs=aged.open)
        self._conversations.add(prior, before if _replaces(before, change) else None)
        if lapse:
            _warn(flow, lapse)
        return Entry(split, lapse, aged)


def unplaced(flow: Flow, usage: CanonicalUsage) -> Split | None:
    """The client's own input where nothing tells which part of what was saved had been cached.

    Then all of it counts at the lowest price that it can have had.
    """
    if usage.input_tokens is None:
        return None
    factor, exact = _factor(flow)
    split = reported(usage)
    saved = flow.saved_tokens * factor
    if not saved:
        return split
    # Only tokens that are counted as the provider counts them can be a lower bound.
    bound: Bound = "at_least" if exact else "estimate"
    if split.read:
        return replace(split, read=split.read + saved, bound=bound)
    if not split.written and exact:
        bound = "exact"
    return replace(split, rest=split.rest + saved, bound=bound)


def _split(
    flow: Flow, usage: CanonicalUsage, ruler: Ruler, before: Prior | None, lapse: Break | None
) -> Split | None:
    if usage.input_tokens is None:
        return None
    factor, exact = _factor(flow)
    saved = flow.saved_tokens * factor
    if flow.breakpoints:  # without our markers nothing would have been cached
        whole = usage.input_tokens + saved
        return Split(0, 0, whole, "exact" if exact or not saved else "estimate")
    sent = reported(usage)
    in_read = ruler.saved_upto(sent.read) * factor
    in_written = ruler.saved_upto(sent.read + sent.written) * factor - in_read
    own = Split(
        sent.read + in_read,
        sent.written + in_written,
        sent.rest + saved - in_read - in_written,
        "exact" if exact and not sent.read and not sent.written else "estimate",
    )
    if lapse and lapse.cause == "proxy" and before and before.cached_tokens is not None:
        # The client's own prefix was whole: it would have been read as far as it was held.
        missed = max(0.0, before.cached_tokens + before.cached_saved - own.read)
        own = replace(own, bound="estimate")
        if sent.written:
            missed = min(missed, own.written)
            return replace(own, read=own.read + missed, written=own.written - missed)
        missed = min(missed, own.rest)
        return replace(own, read=own.read + missed, rest=own.rest - missed)
    if not saved or (sent.read and before is None):
        return unplaced(flow, usage)
    return own


def _epochs(
    flow: Flow, before: Prior | None, change: Change | None, lapse: Break | None
) -> EpochEntry:
    """The epochs of the conversation, as far as this process has seen it."""
    # A client that changes its history may have gone back to before an epoch.
    goes_on = _replaces(before, change) and change is not None and change.cause != "client"
    earlier = before.epochs if before and goes_on else ()
    cold = before is None or flow.started - before.used > before.ttl_s
    unread = lapse.tokens if lapse else None
    began = flow.epochs
    if before and change and change.cause is None and goes_on:
        # A request that was given up and sent once more has none that it had not before.
        known = len(before.outline.system) + len(before.outline.messages)
        began = tuple(each for each in began if each.parts > known)
    return epochs.enter(flow.request_id, began, earlier, _factor(flow)[0], unread, cold=cold)


def _lapse(flow: Flow, usage: CanonicalUsage, before: Prior, change: Change) -> Break | None:
    """The break between *before* and *flow*, if there is one."""
    if before.used > flow.started:
        return None  # sent at the same time: nothing was cached yet
    lost = None
    if usage.cache_read_tokens is not None and before.cached_tokens is not None:
        held = _held(before, change)
        lost = max(0, held - usage.cache_read_tokens)
        if lost < max(MIN_TOKENS, _MIN_LOST * held) and change.cause != "proxy":
            return None
    elif change.cause is None:
        return None
    age_s = flow.started - before.used
    if change.cause == "proxy":
        return Break(lost, "proxy", change.where)
    if age_s > before.ttl_s:
        return Break(lost, "expired", f"{age_s:.0f} s since the last request")
    if change.cause == "client":
        return Break(lost, "client", change.where)
    cause, where = _unmarked(flow, change)
    if cause == "unknown" and before.session != _session(flow):
        return None  # the calls of another session have ids of their own, which no digest holds
    return Break(lost, cause, where)


def _session(flow: Flow) -> Session | None:
    return (flow.provider, flow.session_id) if flow.session_id else None


def _unmarked(flow: Flow, change: Change) -> tuple[Cause, str]:
    """Whether the client's markers explain that a prefix was missed, which is still the same."""
    if flow.wire != "anthropic" or flow.trail is None:
        return "unknown", ""
    if flow.cache_origin == "unknown":
        return "client", "no cache breakpoint in this request"
    added = len(flow.trail.digests) - len(flow.trail.system) - change.kept
    if flow.cache_origin == "client" and added >= LOOK_BACK:
        return "client", f"{added} blocks since the last request, looked back for {LOOK_BACK}"
    return "unknown", ""


def _held(before: Prior, change: Change) -> int:
    """Tokens that should be read: all that was cached; where it branches off, what is in common."""
    assert before.cached_tokens is not None
    if change.cause is not None or change.kept == len(before.outline.messages):
        return before.cached_tokens
    common = max((counted for parts, counted in before.anchors if parts <= change.kept), default=0)
    return min(common, before.cached_tokens)


def _remembered(
    flow: Flow,
    usage: CanonicalUsage,
    outline: Outline,
    ruler: Ruler,
    before: Prior | None,
    anchors: list[tuple[int, int]],
) -> Prior:
    cached = _cached(flow, usage)
    counted = usage.input_tokens
    here = [(len(outline.messages), counted)] if counted is not None else []
    return Prior(
        provider=flow.provider,
        model=flow.model,
        session=_session(flow),
        outline=outline,
        used=flow.started + (flow.first_byte_ms or 0.0) / 1000,
        ttl_s=_ttl(usage, before),
        cached_tokens=cached,
        cached_saved=ruler.saved_upto(cached) * _factor(flow)[0] if cached else 0.0,
        anchors=tuple([*(each for each in anchors if each[0] < len(outline.messages)), *here])[
            -_MAX_ANCHORS:
        ],
    )


def _cached(flow: Flow, usage: CanonicalUsage) -> int | None:
    """What the provider holds of the request now, as far as its figures tell."""
    if usage.cache_read_tokens is None and usage.cache_write_tokens is None:
        return None
    if flow.wire == "anthropic" or usage.cache_write_tokens:
        return (usage.cache_read_tokens or 0) + (usage.cache_write_tokens or 0)
    whole = usage.input_tokens or 0
    return whole if whole >= MIN_TOKENS else 0


def _ttl(usage: CanonicalUsage, before: Prior | None) -> float:
    if usage.cache_write_1h_tokens:
        return TTL_1H_S
    return before.ttl_s if before and not usage.cache_write_tokens else TTL_S


def _replaces(before: Prior | None, change: Change | None) -> bool:
    """Whether the request takes the place of the one before it, rather than standing beside it."""
    if before is None or change is None:
        return False
    return change.cause is not None or change.kept == len(before.outline.messages)


def _factor(flow: Flow) -> tuple[float, bool]:
    return tokens.model_factor(flow.model) if flow.model else (1.0, False)


def _warn(flow: Flow, lapse: Break) -> None:
    paid = "" if lapse.tokens is None else f"; {lapse.tokens:,} tokens were not read"
    what = f": {lapse.where}" if lapse.where else ""
    # That a cache expires while its user is away is nobody's fault; an epoch is meant.
    meant = lapse.cause == "expired" or (lapse.cause == "proxy" and flow.epochs)
    level = logging.INFO if meant else logging.WARNING
    cause = "epoch" if lapse.cause == "proxy" and flow.epochs else lapse.cause
    log.log(level, "prompt cache broken (%s)%s%s [%s]", cause, what, paid, flow.request_id)
