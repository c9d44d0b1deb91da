"""Compression engines by name: our own, and those that other distributions bring."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import EntryPoint
from typing import NamedTuple, TypedDict

from tokenpak.engines import plugins
from tokenpak.engines.base import CompactionEngine
from tokenpak.engines.heuristic import HeuristicEngine
from tokenpak.errors import EngineUnavailable

__all__ = ["CompactionEngine", "Description", "HeuristicEngine", "describe", "get_engine"]


class _BuiltIn(NamedTuple):
    home: str
    """Module and class, loaded on first use."""

    aliases: tuple[str, ...] = ()
    extra: str | None = None


_BUILT_IN = {
    "heuristic": _BuiltIn("tokenpak.engines.heuristic:HeuristicEngine", ("fast",)),
    "caveman": _BuiltIn("tokenpak.engines.caveman.engine:CavemanEngine"),
    "llmlingua": _BuiltIn("tokenpak.engines.llmlingua:LLMLinguaEngine", ("balanced",), "ml"),
}
_NAMES = {called: name for name, entry in _BUILT_IN.items() for called in (name, *entry.aliases)}


class Description(TypedDict):
    """An engine as lists show it; `reason` says why it is not `available`, and what to do."""

    name: str
    aliases: list[str]
    available: bool
    reason: str | None
    extra: str | None
    lossless: bool | None
    prefix_stable: bool | None
    description: str


def get_engine(name: str = "heuristic", **options: object) -> CompactionEngine:
    """The engine called *name*, made with *options*: those of its class.

    `heuristic`, also called `fast`, is always there. Raises LookupError listing the known names if
    there is none of that name, EngineUnavailable saying what to do if it needs what is not there,
    TypeError if an engine of ours does not take an option.
    """
    if name in _NAMES:
        return _class(_BUILT_IN[_NAMES[name]])(**options)
    for entry in plugins.installed():
        if entry.name == name:
            return plugins.make(entry, options)
    known = ", ".join([*_NAMES, *(entry.name for entry in plugins.installed())])
    raise LookupError(f"unknown engine {name!r}; known: {known}")


def describe() -> list[Description]:
    """Every engine, ours first; one that is broken or not installed is listed with the reason.

    Loads the classes of engines, but no model.
    """
    ours = [_described(_class(entry), name, entry) for name, entry in _BUILT_IN.items()]
    taken = dict.fromkeys(_NAMES, "TokenPak")
    theirs = []
    for entry in plugins.installed():
        theirs.append(_foreign(entry, taken.get(entry.name)))
        taken.setdefault(entry.name, plugins.origin(entry))
    return ours + theirs


def _class(entry: _BuiltIn) -> type[CompactionEngine]:
    module, _, name = entry.home.partition(":")
    found: type[CompactionEngine] = getattr(import_module(module), name)
    return found


def _described(
    engine: type[CompactionEngine], name: str, entry: _BuiltIn | None = None
) -> Description:
    reason = _reason(engine)
    return Description(
        name=name,
        aliases=list(entry.aliases) if entry else [],
        available=reason is None,
        reason=reason,
        extra=entry.extra if entry else None,
        lossless=engine.lossless,
        prefix_stable=engine.prefix_stable,
        description=engine.description,
    )


def _reason(engine: type[CompactionEngine]) -> str | None:
    try:
        return engine.unavailable()
    except Exception as error:  # may be foreign code
        return f"{type(error).__name__}: {error}"


def _foreign(entry: EntryPoint, owner: str | None) -> Description:
    """The engine of *entry*; *owner* has its name already, if anyone has."""
    try:
        if owner is not None:
            raise EngineUnavailable(
                f"the name {entry.name!r} of {plugins.origin(entry)} belongs to {owner}; "
                "the distribution must choose another"
            )
        return _described(plugins.engine_class(entry), entry.name)
    except EngineUnavailable as error:
        return Description(
            name=entry.name,
            aliases=[],
            available=False,
            reason=str(error),
            extra=None,
            lossless=None,
            prefix_stable=None,
            description=f"from {plugins.origin(entry)}",
        )
