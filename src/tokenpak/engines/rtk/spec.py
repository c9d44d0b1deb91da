"""The filter language: what a filter file may say. The published schema is made from this."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Category = Literal[
    "git", "test", "build", "lint", "shell", "docker", "package", "infra", "cloud", "log", "generic"
]
Shape = Literal[
    "changes",
    "diff",
    "ditto",
    "findings",
    "go-test",
    "json",
    "log",
    "messages",
    "paths",
    "pytest",
    "search",
    "table",
    "tree",
]
Pattern = Annotated[str, Meta(min_length=1, max_length=1000)]
Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]
Lines = Annotated[int, Meta(ge=0)]


class Match(Struct, frozen=True, forbid_unknown_fields=True):
    """When a filter applies: to a command, or to an output where the command is not known.

    `command` patterns are searched in the recovered command (`git diff --stat`); `except` turns a
    match away; `output` is a signature that no other program prints; `types` are seed detector
    names, kept for packs that carry them.
    """

    command: tuple[Pattern, ...] = ()
    except_: tuple[Pattern, ...] = ()
    output: tuple[Pattern, ...] = ()
    types: tuple[str, ...] = ()


class Replace(Struct, frozen=True, forbid_unknown_fields=True):
    """A pattern and what takes its place in each line, with `\\1` for a group."""

    pattern: Pattern
    by: str


class Short(Struct, frozen=True, forbid_unknown_fields=True):
    """A short form of the whole output; used only where nothing speaks of failure.

    `when` must be found in the text and `unless` must not; `say` may name groups of `when`.
    """

    when: Pattern
    say: Annotated[str, Meta(min_length=1)]
    unless: Pattern | None = None


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch from a line that matches `enter` until one that matches `leave`.

    `do` says what becomes of its lines: `drop`, `keep` (nothing of it can be dropped) or `ends`
    (the `first` and the `last` lines stay).
    """

    enter: Pattern
    leave: Pattern | None = None
    do: Literal["drop", "keep", "ends"] = "drop"
    first: Lines = 0
    last: Lines = 0


class Block(Struct, frozen=True, forbid_unknown_fields=True):
    """One failure with all that belongs to it: from `start` to the next `start` or to `end`.

    Of its lines stay the first, those that match `keep`, `before` lines ahead of each of these and
    `after` behind. Without `keep` all of it stays.
    """

    start: Pattern
    end: Pattern | None = None
    keep: tuple[Pattern, ...] = ()
    before: Lines = 0
    after: Lines = 0


class Count(Struct, frozen=True, forbid_unknown_fields=True):
    """Lines of one sort that are replaced by their number: `say` holds `{n}`."""

    pattern: Pattern
    say: Annotated[str, Meta(pattern=r"\{n\}")]


class Sample(Struct, frozen=True, forbid_unknown_fields=True):
    """A real output with what must be found in its filtered form, and the tokens saved."""

    name: Annotated[str, Meta(min_length=1)]
    input: str
    command: str = ""
    source: str = ""
    survives: tuple[str, ...] = ()
    saved: int = 0
    expected: str | None = None


class Filter(Struct, frozen=True, forbid_unknown_fields=True):
    """One filter. Its steps run in the order of the fields from `stderr` to `empty`."""

    name: Name
    description: Annotated[str, Meta(min_length=1)]
    category: Category = "generic"
    priority: Annotated[int, Meta(ge=0, le=100)] = 50
    match: Match = Match()
    ansi: bool = True
    stderr: bool = False
    replace: tuple[Replace, ...] = ()
    short: tuple[Short, ...] = ()
    severity: tuple[Pattern, ...] = ()
    noise: tuple[Pattern, ...] = ()
    drop: tuple[Pattern, ...] = ()
    keep: tuple[Pattern, ...] = ()
    sections: tuple[Section, ...] = ()
    blocks: tuple[Block, ...] = ()
    counts: tuple[Count, ...] = ()
    once: tuple[Pattern, ...] = ()
    shape: Shape | None = None
    fold: Literal["none", "same", "similar"] = "same"
    width: Lines = 0
    head: Lines = 0
    tail: Lines = 0
    lines: Lines = 0
    empty: str = ""
    samples: tuple[Sample, ...] = ()
