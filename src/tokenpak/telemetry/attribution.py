"""What a request changed of the one that it continues, and who did: the client, or we."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tokenpak.flow import Trail
from tokenpak.telemetry.conversations import Prior, shared
from tokenpak.telemetry.outline import Outline, SystemPart, Tool

Cause = Literal["proxy", "client", "expired", "unknown"]
"""`proxy`: what we sent changed, although the client's own prefix did not. `client`: its history,
tools or system prompt changed. `expired`: nothing changed, but the cache's time had passed."""


@dataclass(frozen=True, slots=True)
class Change:
    """The first thing that a request changed of what was sent before."""

    cause: Cause | None
    """None if it only adds to it, or branches off."""
    where: str
    kept: int
    """Message parts that are the same from the first on, as we sent them; 0 where something
    before them changed."""


def compare(before: Prior, now: Outline, trail: Trail, model: str | None) -> Change:
    """How the request of *now* and *trail*, for *model*, differs from *before*.

    Segments are named in the order in which providers read them: the first change ends the prefix.
    """
    if before.model != model:
        return Change("client", f"the model: {before.model} became {model}", 0)
    changed = _tools_changed(before.outline.tools, now.tools) or _system_changed(
        before.outline.system, now.system
    )
    if changed:
        return Change("client", changed, 0)
    same = shared(before.outline.messages, now.messages)
    resent = _sent_differently(before.outline, now, same)
    if resent is not None:
        return Change("proxy", _part(trail, resent), max(resent, 0))
    if _edited(before.outline.messages, now.messages, same, trail):
        return Change("client", f"{_part(trail, same)} edited", same)
    return Change(None, "", same)


def _tools_changed(before: Sequence[Tool], now: Sequence[Tool]) -> str:
    if tuple(before) == tuple(now):
        return ""
    if sorted(each.digest for each in before) == sorted(each.digest for each in now):
        return "the tools: order changed"
    old = {each.name: each.digest for each in before}
    new = {each.name: each.digest for each in now}
    differing = (
        [f"'{name}' changed" for name in new if name in old and old[name] != new[name]]
        + [f"'{name}' added" for name in new if name not in old]
        + [f"'{name}' removed" for name in old if name not in new]
    )
    if not differing:
        return "the tools: changed"
    more = len(differing) - 3
    return "the tools: " + ", ".join(differing[:3]) + (f" and {more} more" if more > 0 else "")


def _system_changed(before: Sequence[SystemPart], now: Sequence[SystemPart]) -> str:
    parts = max(len(before), len(now))
    for at, (old, new) in enumerate(zip(before, now, strict=False)):
        if old.digest == new.digest:
            continue
        what = "changed"
        if old.unnumbered == new.unnumbered:
            what = "a number or id changed"
        if old.undated == new.undated:
            what = "a date or time changed"
        return f"{_system(at, parts)}: {what}"
    if len(before) != len(now):
        what = "added" if len(now) > len(before) else "removed"
        return f"{_system(min(len(before), len(now)), parts)}: {what}"
    return ""


def _system(at: int, parts: int) -> str:
    return f"the system prompt, part {at + 1} of {parts}" if parts > 1 else "the system prompt"


def _sent_differently(before: Outline, now: Outline, same: int) -> int | None:
    """The first part that both hold alike, and that we sent in another form than before."""
    numbers = {each for each in (*before.sent, *now.sent) if each < same}
    return min(
        (each for each in numbers if before.sent.get(each) != now.sent.get(each)), default=None
    )


def _edited(before: Sequence[bytes], now: Sequence[bytes], same: int, trail: Trail) -> bool:
    """Whether history was changed under what follows, rather than a new branch begun.

    A user who goes back and asks anew changes the end; an edit changes what was answered already.
    """
    if same == len(before) or same == len(now):
        return False
    opening = len(trail.system)
    in_last_message = trail.messages[opening + same] == trail.messages[-1]
    return not in_last_message or bool(set(before[same + 1 :]) & set(now[same + 1 :]))


def _part(trail: Trail, number: int) -> str:
    opening = len(trail.system)
    at = opening + number
    if at < opening:
        return _system(at, opening)
    return f"message {trail.messages[at]} ({trail.roles[at] or 'unknown role'})"
