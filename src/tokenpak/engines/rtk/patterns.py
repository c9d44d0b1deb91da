"""Compiling the patterns of filters: ours by `re`, those of others so that they stay linear."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Protocol, cast

from tokenpak.errors import ConfigError


class Found(Protocol):
    """A match, of either engine."""

    def group(self, *groups: int) -> str: ...

    def start(self) -> int: ...

    def end(self) -> int: ...


class Compiled(Protocol):
    """A compiled pattern, of either engine."""

    def search(self, text: str) -> Found | None: ...

    def finditer(self, text: str) -> Iterator[Found]: ...


# A repetition inside of one that is repeated, or of alternatives: what backtracking chokes on.
_NESTED = re.compile(r"\((?:\\.|\[(?:\\.|[^\]])*\]|[^()\\])*(?:[*+]|\{\d+,\d*\}|\|)"
                     r"(?:\\.|\[(?:\\.|[^\]])*\]|[^()\\])*\)(?:[*+]|\{\d+,)")  # fmt: skip


@cache
def compiler(vetted: bool) -> Callable[[str], Compiled]:
    """How to compile: `re` for *vetted* patterns, RE2 or a careful `re` for all others."""
    if vetted:
        return _trusted
    try:
        import re2
    except ImportError:
        return _careful
    options = re2.Options()
    options.log_errors = False

    def linear(pattern: str) -> Compiled:
        try:
            return cast(Compiled, re2.compile(pattern, options))
        except re2.error as error:
            raise ValueError(_told(error)) from error

    return linear


def _told(error: Exception) -> str:
    """What RE2 says, which it says in bytes."""
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _trusted(pattern: str) -> Compiled:
    return cast(Compiled, re.compile(pattern))


def _careful(pattern: str) -> Compiled:
    if _NESTED.search(pattern):
        raise ValueError("it repeats a repetition, which can take forever; install tokenpak[re2]")
    return _trusted(pattern)


def compiled(patterns: Iterable[str], where: str, vetted: bool) -> list[Compiled]:
    """*patterns* compiled; raises ConfigError naming *where* and the pattern."""
    found = []
    for number, pattern in enumerate(patterns):
        try:
            found.append(_compile(pattern, vetted))
        except ValueError as error:
            raise ConfigError(f"{where}[{number}]: {pattern!r} is no pattern: {error}") from error
    return found


@cache
def _compile(pattern: str, vetted: bool) -> Compiled:
    try:
        return compiler(vetted)(pattern)
    except re.error as error:
        raise ValueError(str(error)) from error


def any_of(patterns: Iterable[Compiled], line: str) -> bool:
    """Whether one of *patterns* is found in *line*."""
    return any(each.search(line) for each in patterns)


_ESCAPE = re.compile(r"\\([\\0-9tn])")
_PLAIN = {"\\": "\\", "t": "\t", "n": "\n"}


def expanded(found: Found, template: str) -> str:
    """*template* with `\\1` and the like replaced by the groups of *found*.

    Done here for both engines: RE2's own way spoils letters beyond ASCII.
    """
    return _ESCAPE.sub(lambda m: _PLAIN.get(m[1]) or found.group(int(m[1])) or "", template)


def replaced(pattern: Compiled, by: str, line: str) -> str:
    """*line* with every place where *pattern* is found replaced by *by*."""
    out, done = [], 0
    names_groups = "\\" in by
    for found in pattern.finditer(line):
        out += [line[done : found.start()], expanded(found, by) if names_groups else by]
        done = found.end()
    return "".join([*out, line[done:]]) if out else line
