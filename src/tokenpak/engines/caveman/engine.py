"""The engine `caveman`: prose shortened by the rules of its language."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import ClassVar

from tokenpak.engines.base import CompactionEngine
from tokenpak.engines.caveman.pack import Intensity
from tokenpak.engines.caveman.ready import Ready
from tokenpak.engines.caveman.shorten import shorten
from tokenpak.excerpt import excerpt


class CavemanEngine(CompactionEngine):
    """`shorten` as an engine; the arguments are those of `shorten`."""

    name: ClassVar[str] = "caveman"
    description: ClassVar[str] = "filler and wordy phrases of prose, by rules for its language"

    def __init__(
        self,
        *,
        intensity: Intensity = "full",
        languages: Sequence[str] | None = None,
        skip: Collection[str] = (),
        preserve: Sequence[str] = (),
        packs: Sequence[Ready] | None = None,
    ) -> None:
        self._shorten = partial(
            shorten,
            intensity=intensity,
            languages=languages,
            skip=skip,
            preserve=preserve,
            packs=packs,
        )

    def compress(self, content: str, max_tokens: int | None = None) -> str:
        """*content* with its prose shortened; with *max_tokens*, cut at line borders.

        Raises ValueError if *max_tokens* is negative or an argument of the engine is unknown.
        """
        short = self._shorten(content).text
        return short if max_tokens is None else excerpt(short, max_tokens)
