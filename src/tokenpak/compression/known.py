"""What was worked out about one conversation, for when an epoch has it folded again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True)
class Known:
    """Answers by question; it only saves work, and lives no longer than one request is packed.

    A question names all that its answer depends on. Of a part that is its own content and what the
    client sent before it, so the part alone will do; it is not what is sent for earlier parts.
    """

    remembers: bool = True
    """False where nothing is folded again, so that nothing would be asked twice."""
    _answers: dict[Hashable, Any] = field(default_factory=dict)

    def of(self, work: Callable[[K], V], subject: K) -> V:
        """`work(subject)`."""
        if not self.remembers:
            return work(subject)
        return self.once((work, subject), lambda: work(subject))

    def once(self, question: Hashable, answer: Callable[[], V]) -> V:
        """`answer()`, if *question* was not asked before."""
        if not self.remembers:
            return answer()
        found = self._answers.get(question, self)
        if found is self:
            found = self._answers[question] = answer()
        return cast("V", found)
