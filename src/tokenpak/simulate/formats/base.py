"""What a transcript format offers, and how its values are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tokenpak.simulate.conversation import Conversation
from tokenpak.simulate.source import Source


@dataclass(frozen=True, slots=True)
class Format:
    """One format: where its agent keeps transcripts, which files are some, what they hold."""

    name: str
    claims: Callable[[Source, list[Any]], bool]
    """Whether a file is of this format, judged by its first values."""
    read: Callable[[Source], Iterator[Conversation]]
    places: tuple[str, ...] = ()
    """Patterns below the home folder, `base:pattern`."""


def named(folder: str | None, path: Path) -> str:
    """A project's name: its *folder*, the home folder as `~`; else the folder of *path*."""
    if not folder:
        return path.parent.name
    home = str(Path.home())
    return "~" + folder[len(home) :] if folder == home or folder.startswith(home + "/") else folder


def as_dict(value: Any) -> dict[str, Any]:
    """*value* if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """*value* if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: Any) -> str | None:
    """*value* if it is a text that is not empty."""
    return value if isinstance(value, str) and value else None


def as_time(value: Any) -> float | None:
    """Seconds since the epoch of an ISO time or of a number of milliseconds."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value / 1000
    try:
        return datetime.fromisoformat(value).timestamp()
    except (TypeError, ValueError):
        return None
