"""A filter ready to run: its patterns compiled, its origin known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from msgspec import structs

from tokenpak.engines.rtk.config import Intensity
from tokenpak.engines.rtk.patterns import Compiled, any_of, compiled
from tokenpak.engines.rtk.shapes import TELL_ALL
from tokenpak.engines.rtk.spec import Filter

Finder = Callable[[str], object]
"""Gives None for a line in which nothing is found."""

Origin = str
"""`built-in`, `global` or `project`."""

_STRONG_WIDTH = 300


@dataclass(frozen=True, slots=True)
class Stretch:
    """A section with its patterns compiled."""

    enter: Compiled
    leave: Compiled | None
    do: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A block with its patterns compiled."""

    start: Compiled
    end: Compiled | None
    keep: list[Compiled]
    before: int
    after: int


@dataclass(frozen=True)
class Loaded:
    """One filter of one file; patterns are compiled when they are first needed."""

    spec: Filter
    path: str
    origin: Origin = "built-in"

    @property
    def name(self) -> str:
        return self.spec.name

    def at(self, intensity: Intensity) -> Loaded:
        """This filter as strong as *intensity* wants it."""
        if intensity == "standard" or (intensity == "aggressive" and self.spec.fold == "none"):
            return self
        return self._gentle if intensity == "minimal" else self._strong

    @cached_property
    def _gentle(self) -> Loaded:
        """Only what takes no words away: escapes, repeats, and shapes that tell all there is."""
        spec = Filter(
            name=self.spec.name,
            description=self.spec.description,
            category=self.spec.category,
            match=self.spec.match,
            ansi=self.spec.ansi,
            shape=self.spec.shape if self.spec.shape in TELL_ALL else None,
            fold="none" if self.spec.fold == "none" else "same",
        )
        return Loaded(spec, self.path, self.origin)

    @cached_property
    def _strong(self) -> Loaded:
        """Alike lines are told together, diffs without context, very long lines in part."""
        shape = "changes" if self.spec.shape == "diff" else self.spec.shape
        width = min(self.spec.width or _STRONG_WIDTH, _STRONG_WIDTH)
        if shape in ("findings", "messages"):
            width = self.spec.width  # a row holds many places
        strong = structs.replace(self.spec, fold="similar", shape=shape, width=width)
        return Loaded(strong, self.path, self.origin)

    def _finder(self, key: str, patterns: tuple[str, ...]) -> Finder | None:
        """One test for all of *patterns*, if there are any; ours are one, and read a line once."""
        if self.origin == "built-in" and len(patterns) > 1:
            patterns = ("|".join(f"(?:{each})" for each in patterns),)
        found = self._compiled(key, patterns)
        if len(found) > 1:
            return lambda line: any_of(found, line) or None
        return found[0].search if found else None

    def _compiled(self, key: str, patterns: tuple[str, ...]) -> list[Compiled]:
        return compiled(patterns, f"{self.path}: {self.name}.{key}", self.origin == "built-in")

    def check(self) -> None:
        """Compile everything; raises ConfigError naming the file and the pattern."""
        for name in dir(type(self)):
            if isinstance(getattr(type(self), name), cached_property) and name[0] != "_":
                getattr(self, name)

    @cached_property
    def command(self) -> list[Compiled]:
        return self._compiled("match.command", self.spec.match.command)

    @cached_property
    def unless_command(self) -> list[Compiled]:
        return self._compiled("match.except", self.spec.match.except_)

    @cached_property
    def output(self) -> list[Compiled]:
        # Signatures are looked for in a whole text, where ^ means the start of a line.
        found = tuple(f"(?im){each}" for each in self.spec.match.output)
        return self._compiled("match.output", found)

    @cached_property
    def replace(self) -> list[tuple[Compiled, str]]:
        patterns = self._compiled("replace", tuple(each.pattern for each in self.spec.replace))
        return [(p, each.by) for p, each in zip(patterns, self.spec.replace, strict=True)]

    @cached_property
    def short(self) -> list[tuple[Compiled, str, Compiled | None]]:
        found = []
        for each in self.spec.short:
            when = self._compiled("short.when", (f"(?im){each.when}",))[0]
            unless = self._compiled("short.unless", (f"(?im){each.unless}",)) if each.unless else []
            found.append((when, each.say, unless[0] if unless else None))
        return found

    @cached_property
    def severity(self) -> Finder | None:
        return self._finder("severity", self.spec.severity)

    @cached_property
    def noise(self) -> Finder | None:
        return self._finder("noise", self.spec.noise)

    @cached_property
    def drop(self) -> Finder | None:
        return self._finder("drop", self.spec.drop)

    @cached_property
    def keep(self) -> Finder | None:
        return self._finder("keep", self.spec.keep)

    @cached_property
    def sections(self) -> list[Stretch]:
        found = []
        for each in self.spec.sections:
            enter = self._compiled("sections.enter", (each.enter,))[0]
            leave = self._compiled("sections.leave", (each.leave,))[0] if each.leave else None
            found.append(Stretch(enter, leave, each.do, each.first, each.last))
        return found

    @cached_property
    def blocks(self) -> list[Unit]:
        found = []
        for each in self.spec.blocks:
            start = self._compiled("blocks.start", (each.start,))[0]
            end = self._compiled("blocks.end", (each.end,))[0] if each.end else None
            keep = self._compiled("blocks.keep", each.keep)
            found.append(Unit(start, end, keep, each.before, each.after))
        return found

    @cached_property
    def counts(self) -> list[tuple[Compiled, str]]:
        patterns = self._compiled("counts", tuple(each.pattern for each in self.spec.counts))
        return [(p, each.say) for p, each in zip(patterns, self.spec.counts, strict=True)]

    @cached_property
    def once(self) -> list[Compiled]:
        return self._compiled("once", self.spec.once)
