"""Sends a conversation through the packer turn by turn, and adds up what would have arrived.

The conversation is read once. Each turn hands the packer the parts that it held; the packer goes
on from the turn before, so every part is packed and counted once.
"""

from __future__ import annotations

import dataclasses
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xxhash import xxh3_128_digest

from tokenpak.canonical import CanonicalRequest, Part
from tokenpak.compression.packer import Packed, Packer
from tokenpak.compression.select import Plan
from tokenpak.compression.terms import terms_of
from tokenpak.providers.pricing import Prices
from tokenpak.providers.promptcache import Block
from tokenpak.recovery import is_recoverable_by
from tokenpak.simulate.caching import Account, marked
from tokenpak.simulate.content import content_of
from tokenpak.simulate.conversation import Conversation, Fact
from tokenpak.simulate.facts import find_facts, stands
from tokenpak.simulate.lost import describe
from tokenpak.simulate.outcome import Figures, Kind, Lost, Outcome, Way
from tokenpak.simulate.reading import Sizes, measure, visible
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
    ends = conversation.turns(turns)
    facts = conversation.facts
    if facts is None:
        facts = find_facts(request.parts, conversation.turns(), conversation.offset)
    due: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        due[fact.used_at].append(fact)
    if conversation.sent:
        run.send(conversation.sent, paid=True)
    for upto in ends:
        run.send(upto)
        run.check(due.get(upto, ()))
    return run.outcome(name)


def _can_read(request: CanonicalRequest) -> bool:
    """Whether a tool can read files: as declared or, as most transcripts keep no tools, as used."""
    used = {part.tool for part in request.parts if part.kind == "tool_use" and part.tool}
    return is_recoverable_by(request.tools or sorted(used))


class _Lane:
    """One way of a conversation: the blocks of all its parts, and the account that pays."""

    def __init__(self, sizes: Sizes, account: Account) -> None:
        self.account = account
        self.sum = Way()
        self._texts = [Block(b"%d" % at, size) for at, size in enumerate(sizes.texts)]
        self._json = [Block(b"%d" % at, size) for at, size in enumerate(sizes.json)]

    def change(self, number: int, digest: bytes, tokens: int, json_tokens: int) -> None:
        """Let part *number* be another text, longer by so many tokens than it was so far."""
        at = number + 1
        self._texts[at] = Block(digest, self._texts[at].tokens + tokens)
        self._json[at] = Block(digest, self._json[at].tokens + json_tokens)

    def send(self, parts: int, marks: Sequence[int], now: float, *, paid: bool) -> None:
        """A request with the first *parts* parts."""
        places = [mark + 1 for mark in marks]
        texts = marked(self._texts[: parts + 1], places)
        as_json = marked(self._json[: parts + 1], places)
        way = self.account.send(texts, as_json, now)
        if not paid:
            self.sum += way


@dataclass(frozen=True, slots=True)
class _Change:
    """One packed part: its text, and by how many tokens it is longer than it was."""

    text: str
    tokens: int = 0
    json_tokens: int = 0


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
        self._direct = _Lane(self._sizes, Account(conversation, prices))
        self._packed = _Lane(self._sizes, Account(conversation, prices))
        self._messages = [part.message for part in parts]
        self._contents = [content_of(part) for part in parts]
        self._texts = [visible(part) for part in parts]
        self._changes: dict[int, _Change] = {}
        self._ends: Counter[int] = Counter()
        self._saved_kinds: Counter[str] = Counter()
        self._saved_by: Counter[str] = Counter()
        self._turns = self._facts = self._count = 0
        self._now = self._seconds = 0.0
        self._lost: list[Lost] = []

    def send(self, upto: int, *, paid: bool = False) -> None:
        """The request with *upto* messages; *paid* if another conversation has sent it."""
        self._count = bisect_left(self._messages, upto + self._conversation.offset)
        started = time.perf_counter()
        packed = self._pack(self._parts[: self._count])
        self._seconds += time.perf_counter() - started
        self._take(packed)
        times = self._conversation.times
        self._now = (times[upto - 1] if upto <= len(times) else None) or self._now
        marks = self._marks()
        self._direct.send(self._count, marks, self._now, paid=paid)
        self._packed.send(self._count, marks, self._now, paid=paid)
        if paid:
            return
        self._turns += 1
        self._ends[self._count] += 1
        self._saved_by.update(packed.saved_by)
        for number, change in self._changes.items():
            self._saved_kinds[self._contents[number]] -= change.tokens

    def check(self, facts: Sequence[Fact]) -> None:
        """Look for *facts* in the request sent last."""
        if not facts:
            return
        self._facts += len(facts)
        request = "\n".join(self._sent())
        for fact in facts:
            if not stands(fact, request):
                self._lost.append(describe(fact, self._parts[: self._count]))

    def outcome(self, name: str) -> Outcome:
        conversation = self._conversation
        figures = Figures(
            conversations=1,
            turns=self._turns,
            direct=self._direct.sum,
            packed=self._packed.sum,
            facts=self._facts,
            facts_kept=self._facts - len(self._lost),
            unpriced=int(self._direct.account.price is None),
            without_system=int(not conversation.has_system),
            ms=self._seconds * 1000,
        )
        return Outcome(
            name,
            conversation.project,
            conversation.agent,
            conversation.model,
            figures,
            self._saved_by,
            self._kinds(),
            self._lost,
        )

    def _take(self, packed: Packed) -> None:
        """Note what *packed* changed; modes with epochs change again what they had sent."""
        for number in self._changes.keys() | packed.texts.keys():
            old = self._changes.get(number, _Change(self._texts[number]))
            text = packed.texts.get(number, self._texts[number])
            if text == old.text:
                continue
            new = self._change(number, text)
            self._packed.change(
                number,
                xxh3_128_digest(text.encode("utf-8", "surrogatepass")),
                new.tokens - old.tokens,
                new.json_tokens - old.json_tokens,
            )
            self._changes[number] = new

    def _change(self, number: int, text: str) -> _Change:
        before = self._parts[number].literal.decode("utf-8", "replace")
        return _Change(
            text,
            count(text) - self._sizes.texts[number + 1],
            count(literal(text).decode()) - count(before),
        )

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

    def _sent(self) -> Iterator[str]:
        for number, text in enumerate(self._texts[: self._count]):
            change = self._changes.get(number)
            yield text if change is None else change.text

    def _kinds(self) -> Mapping[str, Kind]:
        """Tokens by kind of content: each part as often as a turn sent it."""
        tools, *sizes = self._sizes.texts
        direct: Counter[str] = Counter({"tool definitions": tools * self._turns})
        turns = self._turns
        for number, (content, size) in enumerate(zip(self._contents, sizes, strict=True)):
            turns -= self._ends[number]  # requests that ended before this part
            direct[content] += size * turns
        return {
            kind: Kind(tokens, tokens - self._saved_kinds[kind])
            for kind, tokens in direct.items()
            if tokens
        }
