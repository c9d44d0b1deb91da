"""An output filtered while it is printed: piece by piece, each decided when it is due."""

from __future__ import annotations

from collections.abc import Callable

from tokenpak.engines.rtk.catalog import GENERIC, Catalog
from tokenpak.engines.rtk.command import recover
from tokenpak.engines.rtk.config import RtkConfig
from tokenpak.engines.rtk.filtering import MIN_CHARS, left_out, shorten
from tokenpak.engines.rtk.loaded import Loaded
from tokenpak.engines.rtk.shapes import WHOLE
from tokenpak.tokens import count

Show = Callable[[str], object]


class Stream:
    """The output of *command* on its way to *show*, under the guarantees of the filters.

    A piece is filtered as an output of its own, so that what stands in an earlier piece is never
    needed to understand it; an output that comes in one piece is filtered like any other.
    """

    def __init__(self, command: str, catalog: Catalog, config: RtkConfig, show: Show) -> None:
        self._asked = recover(command)
        self._catalog = catalog
        self._config = config
        self._show = show
        self._chosen: Loaded | None = None
        self._waiting: list[str] = []
        self._at_start = True
        self.pending = 0
        """Characters that are not shown yet."""
        self.dropped = 0
        self.changed = False

    def feed(self, text: str) -> None:
        self._waiting.append(text)
        self.pending += len(text)

    def _take(self, left: str = "") -> str:
        """All that waits; from now on *left* does."""
        text = "".join(self._waiting)
        self._waiting, self.pending = [left], len(left)
        return text

    def decide(self) -> None:
        """Show what was fed, but for a last line that is still being redrawn.

        A last line without its end may be a question: it is shown as it is.
        """
        lines, newline, last = self._take().rpartition("\n")
        text = lines + newline
        if self._filter(text or last).spec.shape in WHOLE:
            self._take(text + last)
            return
        if text:
            self._piece(text)
        if "\r" in last:
            self._take(last)
        else:
            self._out(last)

    def end(self, where: Callable[[], str]) -> None:
        """Show the rest, and if lines were left out how many, and *where* they can be read."""
        if text := self._take():
            self._piece(text)
        if self.dropped:
            self._out("" if self._at_start else "\n")
            self._out(left_out(self.dropped, where()) + "\n")

    def _filter(self, text: str) -> Loaded:
        if self._chosen is None or self._chosen.name == GENERIC.name:
            self._chosen = self._catalog.choose(self._asked, text)
        return self._chosen

    def _piece(self, text: str) -> None:
        shown, dropped = text, 0
        if self._config.enabled and len(text) >= MIN_CHARS:
            chosen = self._filter(text).at(self._config.intensity)
            shown, dropped = shorten(text, chosen, self._asked, self._config)
            if text.endswith("\n") and shown:
                shown += "\n"
        # The first lines that go cost the line that tells of them.
        price = count(left_out(dropped, "x" * 80)) if dropped and not self.dropped else 0
        if shown == text or count(shown) + price >= count(text):
            shown, dropped = text, 0
        self.changed = self.changed or shown != text
        self.dropped += dropped
        self._out(shown)

    def _out(self, text: str) -> None:
        if text:
            self._show(text)
            self._at_start = text.endswith("\n")
