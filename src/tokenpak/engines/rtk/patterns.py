"""Compiling the patterns of filters: ours by `re`, those of others so that they stay linear."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Protocol, cast

from tokenpak.engines.rtk.bounded import bounded
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


# Finding every match of `a.*b|a` reads to the end for each of them: no engine is linear there.
_MAX_READ = 500_000_000
_WINDOW = 4_000


class _Linear:
    """A pattern of RE2 whose matches are all found in linear time, too."""

    def __init__(self, pattern: Compiled) -> None:
        self._pattern = pattern
        self.search = pattern.search

    def finditer(self, text: str) -> Iterator[Found]:
        read = at = 0
        for found in self._pattern.finditer(text):
            yield found
            at = found.end()
            read += len(text) - at
            if read > _MAX_READ:
                break
        else:
            return
        # Where there are that many they are short: what is longer than a window is not found.
        while at < len(text):
            piece = text[at : at + _WINDOW]
            if at + _WINDOW < len(text):
                piece = piece[: max(piece.rfind(" "), piece.rfind("\n")) + 1] or piece
            for found in self._pattern.finditer(piece):
                yield _Shifted(found, at)
            at += len(piece)


class _Shifted:
    """A match in a piece of a text that begins at *by*."""

    def __init__(self, found: Found, by: int) -> None:
        self._found, self._by = found, by
        self.group = found.group

    def start(self) -> int:
        return self._found.start() + self._by

    def end(self) -> int:
        return self._found.end() + self._by


@cache
def compiler(vetted: bool) -> Callable[[str], Compiled]:
    """How to compile: `re` for *vetted* patterns, RE2 or a bounded `re` for all others."""
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
            return _Linear(cast(Compiled, re2.compile(pattern, options)))
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
    try:
        return _trusted(bounded(pattern))
    except ValueError as error:
        raise ValueError(f"{error}; or install tokenpak[re2]") from error


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
    except (re.error, OverflowError, RecursionError) as error:
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
