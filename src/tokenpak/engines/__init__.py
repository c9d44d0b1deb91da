"""Compression engines by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from tokenpak.engines.base import CompactionEngine
from tokenpak.engines.heuristic import HeuristicEngine
from tokenpak.errors import EngineUnavailable

__all__ = ["ENGINES", "CompactionEngine", "HeuristicEngine", "get_engine"]


def _needs_a_model() -> NoReturn:
    raise EngineUnavailable(
        "the engine 'llmlingua' needs a model that this version does not bring; "
        "when it is released: pip install 'tokenpak[ml]'. "
        "get_engine('heuristic') works without one"
    )


# Name -> what makes the engine.
ENGINES: dict[str, Callable[[], CompactionEngine]] = {
    "heuristic": HeuristicEngine,
    "fast": HeuristicEngine,
    "balanced": _needs_a_model,
    "llmlingua": _needs_a_model,
}


def get_engine(name: str = "heuristic") -> CompactionEngine:
    """The engine called *name*: `heuristic`, also called `fast`, is always there.

    Raises LookupError listing the known names if there is none of that name, EngineUnavailable
    naming the pip command if it needs what is not installed.
    """
    try:
        make = ENGINES[name]
    except KeyError:
        known = ", ".join(ENGINES)
        raise LookupError(f"unknown engine {name!r}; known: {known}") from None
    return make()
