"""What a compression engine is: text in, shorter text out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

Hints = Mapping[str, object]
"""What a caller knows about a text: `language`, `path`, `max_tokens`."""

KNOWN_HINTS = ("language", "path", "max_tokens")


class CompactionEngine:
    """The base of all engines: a subclass gives `compress`, and `compact` follows from it.

    It can be made, so that code may refer to it, but compresses nothing itself.
    """

    name: ClassVar[str] = ""
    description: ClassVar[str] = ""
    """One sentence for lists of engines."""

    prefix_stable: ClassVar[bool] = True
    """Whether a text always gives the same result, whatever stands around it."""

    lossless: ClassVar[bool] = False

    @classmethod
    def unavailable(cls) -> str | None:
        """Why the engine cannot run here, and what to do about it; None if it can.

        Asked by lists of engines, so it loads nothing heavy.
        """
        return None

    def compress(self, content: str, max_tokens: int | None = None) -> str:
        """*content*, shorter; with *max_tokens*, of at most so many o200k tokens."""
        raise NotImplementedError(
            f"{type(self).__name__} compresses nothing; use HeuristicEngine, "
            "get_engine('heuristic'), or a subclass with a compress() of its own"
        )

    def compact(self, text: str, hints: Hints | None = None) -> str:
        """*text*, shorter, with what the caller knows about it.

        Raises ValueError listing the known hints if one is unknown, TypeError if one is of the
        wrong type.
        """
        return self.compress(text, checked(hints)[2])


def checked(hints: Hints | None) -> tuple[str | None, str | None, int | None]:
    """Language, path and limit in tokens of *hints*. Raises as `compact` does."""
    hints = hints or {}
    for key in hints:
        if key not in KNOWN_HINTS:
            raise ValueError(f"unknown hint {key!r}; known: {', '.join(KNOWN_HINTS)}")
    language, path, limit = (hints.get(key) for key in KNOWN_HINTS)
    if not isinstance(language, str | None) or not isinstance(path, str | None):
        raise TypeError("hints: 'language' and 'path' are strings")
    if not isinstance(limit, int | None) or isinstance(limit, bool):
        raise TypeError(f"hints: 'max_tokens' is {limit!r}, expected a whole number")
    return language, path, limit
