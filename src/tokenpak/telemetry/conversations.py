"""Which earlier request of this process a request continues: a bounded memory of conversations."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from tokenpak.telemetry.epochs import Open
from tokenpak.telemetry.outline import Outline

MAX_PARTS = 200_000
"""Message parts remembered over all conversations, at about 60 bytes each."""

_BRANCHES = 8
"""Requests remembered that begin with the same message: forks, sub-agents, second tries."""
_MIN_RESEMBLING = 3

Session = tuple[str, str]
"""A provider, and the id that the client gave its session."""


@dataclass(frozen=True, slots=True)
class Prior:
    """One answered request, and what the provider held of it afterwards."""

    provider: str
    model: str | None
    session: Session | None
    outline: Outline
    used: float
    """When its answer began, in seconds since the epoch: from then on its prefix can be read."""
    ttl_s: float
    cached_tokens: int | None
    """Tokens that the provider then held; None where it did not say."""
    cached_saved: float
    """The provider's tokens that packing had taken out of these."""
    anchors: tuple[tuple[int, int], ...]
    """Message parts of this conversation, and the input tokens that the provider counted then."""
    epochs: tuple[Open, ...] = ()

    @property
    def root(self) -> bytes:
        return root(self.provider, self.outline)


class Conversations:
    """The newest request of each conversation; those unused for longest go first."""

    def __init__(self, max_parts: int = MAX_PARTS) -> None:
        self._max_parts = max_parts
        self._held = 0
        self._by_root: OrderedDict[bytes, list[Prior]] = OrderedDict()
        self._by_session: dict[Session, Prior] = {}

    def continued(
        self, provider: str, model: str | None, session: Session | None, outline: Outline
    ) -> Prior | None:
        """The request that one of *outline* evidently continues; None if it starts anew.

        It is the one with which it shares the most messages from the first on, of the same model
        if there is one. Where its first message is a new one, it is the session's last request,
        if half of that one's messages are there again.
        """
        same = self._by_root.get(root(provider, outline))
        if same:
            return max(
                reversed(same),
                key=lambda each: (
                    each.model == model,
                    shared(each.outline.messages, outline.messages),
                ),
            )
        last = self._by_session.get(session) if session else None
        return last if last and _resembles(last.outline.messages, outline.messages) else None

    def add(self, prior: Prior, instead: Prior | None = None) -> None:
        """Remember *prior*, *instead* of the request of the same model that it continues."""
        if instead is not None and instead.model == prior.model:
            self._forget(instead)
        same = self._by_root.setdefault(prior.root, [])
        self._by_root.move_to_end(prior.root)
        same.append(prior)
        self._held += len(prior.outline.messages)
        if prior.session:
            self._by_session[prior.session] = prior
        if len(same) > _BRANCHES:
            self._forget(same[0])
        while self._held > self._max_parts:
            self._forget(next(iter(self._by_root.values()))[0])

    def _forget(self, prior: Prior) -> None:
        same = self._by_root.get(prior.root, [])
        kept = [each for each in same if each is not prior]
        if len(kept) == len(same):
            return
        self._held -= len(prior.outline.messages)
        if kept:
            self._by_root[prior.root] = kept
        else:
            del self._by_root[prior.root]
        if prior.session and self._by_session.get(prior.session) is prior:
            del self._by_session[prior.session]


def root(provider: str, outline: Outline) -> bytes:
    """What the requests of one conversation have in common: how it begins."""
    begin = outline.messages[:1] or tuple(each.digest for each in outline.system)
    return b"\0".join((provider.encode("utf-8", "replace"), *begin))


def shared(one: Sequence[object], other: Sequence[object]) -> int:
    """How many items of both are the same from the first on."""
    most = min(len(one), len(other))
    if one[:most] == other[:most]:
        return most
    return next(at for at in range(most) if one[at] != other[at])


def _resembles(before: Sequence[bytes], now: Sequence[bytes]) -> bool:
    again = sum(one == other for one, other in zip(before, now, strict=False))
    return again >= max(_MIN_RESEMBLING, len(before) / 2)
