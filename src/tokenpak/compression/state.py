"""What the packer knows after a prefix of a conversation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tokenpak.compression.epochs import Ledger
from tokenpak.compression.lines import LineIndex, Numbered
from tokenpak.wire.splice import literal


class Cutting(NamedTuple):
    """That part of a result was left out: of which kind it is, and under which id it is kept."""

    kind: str
    id: str


@dataclass(slots=True)
class Draft:
    """A new text for a part, and what the packer has to remember of it.

    `lines` are those that references may point to, before references were put in; `literal` says
    which of them still stand there. The values of `saved_by` sum to the tokens saved, exactly.
    """

    text: str
    lines: Numbered | None = None
    literal: list[bool] | None = None
    reminder: str | None = None
    saved_by: dict[str, int] = field(default_factory=dict)
    whole: str | None = None
    """The text before lines of it were left out; None if none were."""
    rules: Counter[str] = field(default_factory=Counter)
    """Rules of engines that were applied, and how often."""
    tokens: int | None = None
    """Tokens of `text`, once they are counted."""


@dataclass(slots=True)
class State:
    """The fold's accumulator: built from the client's own parts, one after another.

    `texts` holds the new text of each changed part by its position in the conversation.
    """

    parts: int = 0
    tokens: int = 0
    index: LineIndex = field(default_factory=LineIndex)
    sizes: Ledger = field(default_factory=Ledger)
    """Kept only in pipelines that have epochs."""
    reminder: str | None = None
    gutter_copied: bool = False
    """Whether the agent has pasted a gutter into a tool's input: its style stays from then on."""
    words: set[str] = field(default_factory=set)
    """Words of users and agents, by which lines of a huge result are chosen; see `heard`."""
    said: list[str] = field(default_factory=list)
    """What they said, the words of which were not needed so far."""
    texts: dict[int, str] = field(default_factory=dict)
    literals: dict[int, bytes] = field(default_factory=dict)
    """The same texts as they stand in a body, once they are written."""
    saved_by: Counter[str] = field(default_factory=Counter)
    saved: dict[int, int] = field(default_factory=dict)
    """Tokens saved on each changed part."""
    cuts: dict[int, Cutting] = field(default_factory=dict)
    rules: Counter[str] = field(default_factory=Counter)
    """Rules of engines that were applied, and how often."""
    seen: dict[str, str] = field(default_factory=dict)
    """Digests of earlier texts, by which `lite` tells repeats."""
    chars: int = 0
    drafts: dict[int, Draft | None] = field(default_factory=dict)
    """What was decided in this fold, for an epoch that changes nothing before it."""
    wholes: dict[int, str] = field(default_factory=dict)
    """Texts of which something was left out in this fold: they are to be kept."""

    def heard(self, words_of: Callable[[str], set[str]]) -> set[str]:
        """The words of all that users and agents said so far, as *words_of* tells them."""
        for text in self.said:
            self.words |= words_of(text)
        self.said.clear()
        return self.words

    def put(self, number: int, text: str, saved_by: Mapping[str, int]) -> None:
        """Let part *number* be sent as *text*."""
        self.texts[number] = text
        self.chars += len(text)
        self.saved_by.update(saved_by)
        self.saved[number] = sum(saved_by.values())

    def write(self) -> None:
        """Make the literals of the texts that were put."""
        for number in self.texts.keys() - self.literals.keys():
            self.literals[number] = literal(self.texts[number])

    @property
    def size(self) -> int:
        """Bytes held, within a fifth: measured on recorded conversations, 1.1 a character and
        190 a line of the index, 120 a word."""
        lines = 11 * self.index.chars // 10 + 190 * len(self.index.contents)
        said = sum(map(len, self.said))
        return lines + 3 * self.chars + 120 * len(self.words) + said
