"""The instruction that asks a model for terse answers: one fixed text a level and language."""

from __future__ import annotations

from functools import cache

from tokenpak.engines.caveman.pack import INTENSITIES, Intensity
from tokenpak.tables import table


def terse_instruction(level: Intensity = "full", language: str = "en") -> str:
    """The instruction for the end of a system prompt; always the same text, to keep its prefix.

    Every text says that code, commands, errors and warnings before destructive actions stay
    complete. Raises ValueError if the level or the language is unknown.
    """
    texts = _texts()
    if language not in texts:
        raise ValueError(f"unknown language {language!r}; known: {', '.join(sorted(texts))}")
    if level not in INTENSITIES:
        raise ValueError(f"unknown level {level!r}; known: {', '.join(INTENSITIES)}")
    return f"{texts[language][level]} {texts[language]['always']}"


@cache
def _texts() -> dict[str, dict[str, str]]:
    return table(__package__, "terse.yaml", dict[str, dict[str, str]])
