"""What this turn left out, and what it came back for: counted once, at the turn it happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from tokenpak.canonical import Part
from tokenpak.compression.state import Cutting
from tokenpak.flow import Epoch


def new_cuts(parts: Sequence[Part], cuts: Mapping[int, Cutting]) -> Counter[str]:
    """Results that this request is the first to carry and that were cut, by kind."""
    if not cuts:
        return Counter()
    last = _last_answer(parts)
    return Counter(cut.kind for number, cut in cuts.items() if parts[number].message > last)


def new_ids(parts: Sequence[Part], cuts: Mapping[int, Cutting]) -> tuple[str, ...]:
    """Under which ids what `new_cuts` counts is kept."""
    if not cuts:
        return ()
    last = _last_answer(parts)
    return tuple(cut.id for number, cut in cuts.items() if parts[number].message > last)


def new_epochs(parts: Sequence[Part], epochs: Sequence[Epoch]) -> tuple[Epoch, ...]:
    """The epochs that began with what this request is the first to carry: answers included."""
    if not epochs:
        return ()
    known = _answer(parts).start
    return tuple(each for each in epochs if each.parts > known)


def fetched(parts: Sequence[Part], cuts: Mapping[int, Cutting]) -> Counter[str]:
    """What the agent's last message asks for again, by kind: a call that names where it is kept."""
    if not cuts:
        return Counter()
    calls = [parts[at].text for at in _answer(parts) if parts[at].kind == "tool_use"]
    known = {cut.id: cut.kind for cut in cuts.values()}
    return Counter(kind for id, kind in known.items() if any(id in call for call in calls))


def _answer(parts: Sequence[Part]) -> range:
    """The parts of the agent's last answer, be they one message or, as in Responses, several."""
    end = len(parts)
    while end and parts[end - 1].role != "assistant":
        end -= 1
    start = end
    while start and parts[start - 1].role == "assistant":
        start -= 1
    return range(start, end)


def _last_answer(parts: Sequence[Part]) -> int:
    """The number of the last message of the agent, -1 if it has not spoken."""
    return next((part.message for part in reversed(parts) if part.role == "assistant"), -1)
