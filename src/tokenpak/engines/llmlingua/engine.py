"""The words of a prose text that a model finds least worth keeping go, within bounds."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tokenpak import settings
from tokenpak.engines.base import CompactionEngine
from tokenpak.engines.guess import guess_language
from tokenpak.engines.llmlingua import model as models
from tokenpak.engines.llmlingua.pieces import Piece, assemble, pieces
from tokenpak.engines.llmlingua.windows import windows
from tokenpak.errors import EngineUnavailable
from tokenpak.excerpt import excerpt
from tokenpak.tokens import count
from tokenpak.tokens.kinds import content_kind

# More than any language needs for a sub-word: what is cut at this length has tokens to spare.
_CHARS_OF_A_TOKEN = 16


@dataclass(frozen=True, slots=True)
class Compressed:
    """A text made shorter, and how far the model came."""

    text: str
    windows: int
    """Windows that the model read; 0 if the text is no prose."""

    unread_chars: int
    """Characters at the end that stayed as they were: the limit in windows or seconds was met."""


class LLMLinguaEngine(CompactionEngine):
    """LLMLingua-2: a token classifier on the CPU says of each word whether it matters.

    *model* is a folder or a name in the local Hugging Face cache; the setting `llmlingua_model`
    if None. *rate* is the share that stays of the words that may go, *keep* are strings that
    always stay. What lies behind the first *max_windows* windows (512 sub-words each) is not read.
    Raises EngineUnavailable if a package or the model is missing, ValueError if a number is out of
    range.
    """

    name: ClassVar[str] = "llmlingua"
    description: ClassVar[str] = (
        "prose without the words that an LLMLingua-2 model finds least worth keeping"
    )

    def __init__(
        self,
        model: str | Path | None = None,
        *,
        rate: float = 0.5,
        keep: Collection[str] = (),
        max_windows: int = 16,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not 0 < rate <= 1:
            raise ValueError(f"rate is {rate}, expected more than 0 and at most 1")
        if max_windows < 1:
            raise ValueError(f"max_windows is {max_windows}, expected 1 or more")
        if isinstance(keep, str):
            raise TypeError(f"keep is {keep!r}, expected a list of strings")
        self.rate = rate
        self.keep = tuple(keep)
        self.max_windows = max_windows
        self._clock = clock
        self._model = models.load(_files(model))

    @classmethod
    def unavailable(cls) -> str | None:
        """The package or model that is missing, and what to do; None if both are there."""
        try:
            _files(None)
        except EngineUnavailable as error:
            return str(error)
        return None

    def compress(self, content: str, max_tokens: int | None = None) -> str:
        """*content* with the share `rate` of its words that may go; with *max_tokens* with fewer.

        Where even that is too long, lines at the end are left out, and a line says how many. Text
        that is no prose stays as it is. The result is never longer, and depends on nothing but
        *content*, the engine's options and the weights. Raises ValueError if *max_tokens* is
        negative.
        """
        return self.run(content, max_tokens).text

    def run(
        self, text: str, max_tokens: int | None = None, *, budget_s: float | None = None
    ) -> Compressed:
        """As `compress`, and how far the model came; it starts no window after *budget_s* seconds.

        With a budget the result depends on the speed of the machine: never use one where the same
        text must give the same result, as in a proxy.
        """
        done = Compressed(text, 0, len(text))
        if content_kind(text) == "prose" and guess_language(text) is None:
            done = self._shortened(text, max_tokens, budget_s)
        if max_tokens is None:
            return done
        return Compressed(excerpt(done.text, max_tokens), done.windows, done.unread_chars)

    def _shortened(self, text: str, max_tokens: int | None, budget_s: float | None) -> Compressed:
        head, tail = self._split(text)
        parts = pieces(head, self.keep)
        scores, read, reached = self._scores(head, parts, budget_s)
        order = sorted(
            (at for at, piece in enumerate(parts) if piece.kind == "free" and scores[at] >= 0),
            key=lambda at: (-scores[at], at),
        )

        def keeping(number: int) -> str:
            gone = set(order[number:])
            return assemble(head, parts, [at not in gone for at in range(len(parts))]) + tail

        most = round(len(order) * self.rate)
        short = keeping(most)
        if max_tokens is not None and count(short) > max_tokens:
            short = _fitting(keeping, most, max_tokens) or short
        if count(short) >= count(text):
            short = text
        return Compressed(short, read, len(text) - reached)

    def _split(self, text: str) -> tuple[str, str]:
        """What of *text* may be read, and what lies behind it for certain."""
        limit = self.max_windows * self._model.window * _CHARS_OF_A_TOKEN
        if len(text) <= limit:
            return text, ""
        head = text[:limit]
        cut = len(head.rsplit(None, 1)[0]) or limit
        return text[:cut], text[cut:]

    def _scores(
        self, text: str, parts: Sequence[Piece], budget_s: float | None
    ) -> tuple[list[float], int, int]:
        """For each of *parts* the mean probability of its sub-words, -1 where the model read none.

        With it the number of windows read and the character up to which they reach.
        """
        started = self._clock()
        tokens = self._model.tokens(text)
        keep: list[float] = []
        read = 0
        for first, behind in windows(text, tokens.spans, self._model.window):
            late = budget_s is not None and self._clock() - started >= budget_s
            if read == self.max_windows or late:
                break
            keep += self._model.keep(tokens.ids[first:behind])
            read += 1
        complete = len(keep) == len(tokens.ids)
        reached = tokens.spans[len(keep)][0] if not complete else len(text)
        return _means(parts, tokens.spans, keep, reached), read, reached


def _files(model: str | Path | None) -> models.Files:
    """The files of the model that is meant. Raises EngineUnavailable if something is missing."""
    if reason := models.missing_packages():
        raise EngineUnavailable(reason)
    if model is not None:
        return models.locate(model)
    chosen = settings.load()
    if not chosen.llmlingua_model and not chosen.llmlingua_folder.is_dir():
        raise EngineUnavailable(
            "the engine 'llmlingua' has no model: set TOKENPAK_LLMLINGUA_MODEL to a folder, or "
            f"put one into {chosen.llmlingua_folder}; docs/engines.md shows how"
        )
    return models.locate(chosen.llmlingua_model or chosen.llmlingua_folder)


def _means(
    parts: Sequence[Piece],
    spans: Sequence[tuple[int, int]],
    keep: Sequence[float],
    reached: int,
) -> list[float]:
    sums, numbers = [0.0] * len(parts), [0] * len(parts)
    first = 0
    for (start, end), probability in zip(spans, keep, strict=False):
        while first < len(parts) and parts[first].end <= start:
            first += 1
        at = first
        while at < len(parts) and parts[at].start < end:
            sums[at] += probability
            numbers[at] += 1
            at += 1
    return [
        total / number if number and piece.end <= reached else -1.0
        for piece, total, number in zip(parts, sums, numbers, strict=True)
    ]


def _fitting(keeping: Callable[[int], str], most: int, max_tokens: int) -> str | None:
    """What *keeping* gives for the most words under *most* that fit; None if none does."""
    fits = bisect_right(range(most), max_tokens, key=lambda number: count(keeping(number)))
    return keeping(fits - 1) if fits else None
