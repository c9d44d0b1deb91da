"""Sends a conversation through the packer turn by turn, and adds up what would have arrived.

The conversation is read once. Each turn hands the packer the parts that it held; the packer goes
on from the turn before, so every part is packed and counted once.
"""

from __future__ import annotations

import dataclasses
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from xxhash import xxh3_128_digest

from tokenpak.canonical import CanonicalRequest, Part
from tokenpak.compression.packer import Packed, Packer
from tokenpak.compression.select import Plan
from tokenpak.compression.terms import terms_of
from tokenpak.providers.pricing import Prices
from tokenpak.recovery import is_recoverable_by
from tokenpak.simulate.caching import Lane
from tokenpak.simulate.content import content_of
from tokenpak.simulate.conversation import Conversation, Fact
from tokenpak.simulate.facts import describe, find_facts, stands
from tokenpak.simulate.outcome import Figures, Kind, Lost, Outcome
from tokenpak.simulate.reading import measure, visible
from tokenpak.tokens import count
from tokenpak.wire import get_adapter
from tokenpak.wire.splice import literal


def replay(
    conversation: Conversation,
    packer: Packer,
    plan: Plan,
    prices: Prices,
    *,
    cutting: Plan | None = None,
    name: str = "",
    turns: int | None = None,
) -> Outcome:
    """What *conversation* costs with and without packing under *plan*, over all its turns.

    *cutting* is the plan if the conversation has a tool that can read what is cut. *turns* replays
    about that many of them only. Raises WireError if the conversation is no request in its wire
    format.
    """
    body = conversation.body()
    request = get_adapter(conversation.wire).decode_request(body)
    chosen = cutting if cutting is not None and _can_read(request) else plan
    if chosen.epoch_keep is not None:
        chosen = dataclasses.replace(chosen, terms=terms_of(request, body, {}))
    run = _Run(conversation, request.parts, lambda parts: packer.pack(parts, chosen), prices)
    facts = conversation.facts
    if facts is None:
        facts = find_facts(request.parts, conversation.turns(), conversation.offset)
    due: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        due[fact.used_at].append(fact)
    if conversation.sent:
        run.send(conversation.sent, paid=True)
    for upto in conversation.turns(turns):
        run.send(upto)
        run.check(due.get(upto, ()))
    return run.outcome(name)


def _can_read(request: CanonicalRequest) -> bool:
    """Whether a tool can read files: as declared or, as most transcripts keep no tools, as used."""
    used = {part.tool for part in request.parts if part.kind == "tool_use" and part.tool}
    return is_recoverable_by(request.tools or sorted(used))


class _Run:
    """A replay under way."""

    def __init__(
        self,
        conversation: Conversation,
        parts: Sequence[Part],
        pack: Callable[[Sequence[Part]], Packed],
        prices: Prices,
    ) -> None:
        self._conversation = conversation
        self._parts = parts
        self._pack = pack
        self._sizes = measure(conversation, parts)
        self._direct = Lane(conversation, self._sizes, prices)
        self._packed = Lane(conversation, self._sizes, prices)
        self._messages = [part.message for part in parts]
        self._contents = [content_of(part) for part in parts]
        self._own = [visible(part) for part in parts]
        self._sent = list(self._own)
        self._saved: dict[int, int] = {}  # tokens, by part
        self._ends: Counter[int] = Counter()
        self._saved_kinds: Counter[str] = Counter()
        self._saved_by: Counter[str] = Counter()
        self._lost: list[Lost] = []
        self._figures = Figures(
            conversations=1,
            unpriced=int(self._direct.price is None),
            without_system=int(not conversation.has_system),
        )
        self._count = 0
        self._now = 0.0

    def send(self, upto: int, *, paid: bool = False) -> None:
        """The request with *upto* messages; *paid* if another conversation has sent it."""
        self._count = bisect_left(self._messages, upto + self._conversation.offset)
        started = time.perf_counter()
        packed = self._pack(self._parts[: self._count])
        self._figures += Figures(ms=1000 * (time.perf_counter() - started))
        self._take(packed)
        times = self._conversation.times
        self._now = (times[upto - 1] if upto <= len(times) else None) or self._now
        marks = self._marks()
        direct = self._direct.send(self._count, marks, self._now)
        ours = self._packed.send(self._count, marks, self._now)
        if paid:
            return
        self._figures += Figures(turns=1, direct=direct, packed=ours)
        self._ends[self._count] += 1
        self._saved_by.update(packed.saved_by)
        for number, tokens in self._saved.items():
            self._saved_kinds[self._contents[number]] += tokens

    def check(self, facts: Sequence[Fact]) -> None:
        """Look for *facts* in the request sent last."""
        if not facts:
            return
        request = "\n".join(self._sent[: self._count])
        lost = [each for each in facts if not stands(each, request)]
        self._lost += (describe(each, self._parts[: self._count]) for each in lost)
        self._figures += Figures(facts=len(facts), facts_kept=len(facts) - len(lost))

    def outcome(self, name: str) -> Outcome:
        return Outcome(
            name,
            self._conversation.project,
            self._conversation.agent,
            self._conversation.model,
            self._figures,
            self._saved_by,
            self._kinds(),
            self._lost,
        )

    def _take(self, packed: Packed) -> None:
        """Note what *packed* changed; modes with epochs change again what they had sent."""
        for number in self._saved.keys() | packed.texts.keys():
            text = packed.texts.get(number, self._own[number])
            if text == self._sent[number]:
                continue
            before = self._parts[number].literal.decode("utf-8", "replace")
            longer = count(text) - self._sizes.texts[number + 1]
            longer_json = count(literal(text).decode()) - count(before)
            digest = xxh3_128_digest(text.encode("utf-8", "surrogatepass"))
            self._packed.change(number, digest, longer, longer_json)
            self._sent[number] = text
            self._saved[number] = -longer

    def _marks(self) -> list[int]:
        """Where clients set cache breakpoints: the last system prompt, the newest of the user."""
        system = user = None
        for number in range(self._count - 1, -1, -1):
            part = self._parts[number]
            if user is None and part.role not in ("assistant", "system", "developer"):
                user = number
            if part.message < self._conversation.offset:
                system = number
                break
            if user is not None and not self._conversation.system:
                break
        return [each for each in (system, user) if each is not None]

    def _kinds(self) -> Mapping[str, Kind]:
        """Tokens by kind of content: each part as often as a turn sent it."""
        tools, *sizes = self._sizes.texts
        turns = self._figures.turns
        direct: Counter[str] = Counter({"tool definitions": tools * turns})
        for number, (content, size) in enumerate(zip(self._contents, sizes, strict=True)):
            turns -= self._ends[number]  # requests that ended before this part
            direct[content] += size * turns
        return {
            kind: Kind(tokens, tokens - self._saved_kinds[kind])
            for kind, tokens in direct.items()
            if tokens
        }
