"""Which filters there are, and which of them an output goes through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tokenpak.engines.rtk.command import Recovered
from tokenpak.engines.rtk.loaded import Loaded
from tokenpak.engines.rtk.patterns import any_of
from tokenpak.engines.rtk.programs import PROGRAMS
from tokenpak.engines.rtk.reader import read_filters
from tokenpak.engines.rtk.spec import Filter

GENERIC = Loaded(Filter("generic", "Whatever no other filter knows: repeats only."), "built-in")
_SIGNATURE_CHARS = 6000


@dataclass(frozen=True)
class Catalog:
    """Filters in order of precedence: project before global before built-in, then priority."""

    filters: tuple[Loaded, ...]

    def choose(self, asked: Recovered | None, text: str) -> Loaded:
        """The filter of the command *asked*; by the output alone only where it is unmistakable."""
        if asked is not None:
            for each in self.filters:
                if any_of(each.command, asked.line) and not any_of(each.unless_command, asked.line):
                    return each
            if not runs_anything(asked):
                return self._generic()
        sample = text if len(text) <= 2 * _SIGNATURE_CHARS else (
            text[:_SIGNATURE_CHARS] + "\n" + text[-_SIGNATURE_CHARS:]
        )  # fmt: skip
        for each in self.filters:
            if each.output and all(pattern.search(sample) for pattern in each.output):
                return each
        return self._generic()

    def _generic(self) -> Loaded:
        return next((each for each in self.filters if each.name == "generic"), GENERIC)

    def get(self, name: str) -> Loaded:
        """The filter of that name; raises LookupError with the names that exist."""
        for each in self.filters:
            if each.name == name:
                return each
        known = ", ".join(sorted(each.name for each in self.filters))
        raise LookupError(f"unknown filter {name!r}; known: {known}")


def runs_anything(asked: Recovered) -> bool:
    """Whether the program is one that runs others, so that the output may be anybody's."""
    program = asked.program
    return program in PROGRAMS.runners or "/" in program or program.endswith((".sh", ".py"))


def ordered(filters: Iterable[Loaded]) -> Catalog:
    """A catalogue in order of precedence; of one name only the first origin's filter stays."""
    rank = {"project": 0, "global": 1, "built-in": 2}
    best: dict[str, Loaded] = {}
    for each in sorted(filters, key=lambda one: rank[one.origin]):
        best.setdefault(each.name, each)
    chosen: Sequence[Loaded] = sorted(
        best.values(), key=lambda one: (rank[one.origin], -one.spec.priority, one.name)
    )
    return Catalog(tuple(chosen))


@cache
def built_in() -> Catalog:
    """The filters that TokenPak comes with."""
    return ordered(load_built_in())


def load_built_in(*, samples: bool = False) -> list[Loaded]:
    """The same as a list; with *samples* if they are to be verified, which takes longer to read."""
    folder = files("tokenpak.engines.rtk").joinpath("filters")
    found: list[Loaded] = []
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.name.endswith(".yaml"):
            text = entry.read_text("utf-8")
            for spec in read_filters(text, entry.name, samples=samples):
                found.append(Loaded(spec, entry.name))
    return found
