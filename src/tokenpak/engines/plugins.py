"""Engines of other distributions, found by the entry point group `tokenpak.engines`."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points

from tokenpak.engines.base import CompactionEngine
from tokenpak.errors import EngineUnavailable

GROUP = "tokenpak.engines"


@cache
def installed() -> tuple[EntryPoint, ...]:
    """The entry points of the group, sorted by name and distribution; nothing is loaded yet."""
    return tuple(sorted(entry_points(group=GROUP), key=lambda each: (each.name, origin(each))))


def origin(entry: EntryPoint) -> str:
    """The distribution that brings *entry*, with its version."""
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def make(entry: EntryPoint, options: dict[str, object] | None = None) -> CompactionEngine:
    """The engine of *entry*, a class or another callable that takes *options* by name.

    Raises EngineUnavailable naming the distribution if it cannot be loaded or made, or if what it
    makes is no engine.
    """
    try:
        made = entry.load()(**(options or {}))
    except Exception as error:  # foreign code may raise anything
        raise _broken(entry, f"{type(error).__name__}: {error}") from error
    if not isinstance(made, CompactionEngine):
        raise _broken(
            entry,
            f"{entry.value} gives a {type(made).__name__}, "
            "expected a subclass of tokenpak.CompressionEngine",
        )
    return made


def engine_class(entry: EntryPoint) -> type[CompactionEngine]:
    """The class of the engine of *entry*, which is made only where a function makes it.

    Raises EngineUnavailable as `make` does.
    """
    try:
        loaded = entry.load()
    except Exception as error:  # foreign code may raise anything
        raise _broken(entry, f"{type(error).__name__}: {error}") from error
    if isinstance(loaded, type) and issubclass(loaded, CompactionEngine):
        return loaded
    return type(make(entry))


def _broken(entry: EntryPoint, what: str) -> EngineUnavailable:
    return EngineUnavailable(
        f"the engine {entry.name!r} of {origin(entry)} is broken: {what}; "
        "repair, update or uninstall that distribution"
    )
