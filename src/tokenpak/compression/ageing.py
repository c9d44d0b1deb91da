"""Which results are old: output printed long ago, and files that were edited since they were read.

A file that was read stays whole until the agent has edited it and gone on to other things: what was
printed is then no longer what the file says. On recorded conversations agents used such a text an
eighth as often as one of a file that they had only read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from tokenpak.canonical import Part
from tokenpak.compression.kinds import kind
from tokenpak.forms.blanks import READERS
from tokenpak.tables import table
from tokenpak.toolcall import file_path, shell_command

QUIET = 1000
"""Tokens after the last edit of a file from which on the agent counts as done with it."""
_PATCHED = re.compile(r"^\*\*\* (?:Update|Add|Delete) File: (\S.*)$", re.MULTILINE)
# Only from the beginning of a word: from each character of one it would take quadratic time.
_PATH = re.compile(r"(?<![\w.@+~/-])[\w.@+~/-]*\.\w+")
_STR_REPLACE = "str_replace"


@dataclass(frozen=True, slots=True)
class _Tables:
    ages: dict[str, dict[str, int]]
    editors: frozenset[str]
    reporters: frozenset[str]
    once: frozenset[str]


@cache
def _tables() -> _Tables:
    return table("tokenpak.data", "ageing.yaml", _Tables)


@dataclass(frozen=True, slots=True)
class Result:
    """A tool result: its part number, what sort of output it is, the files that it shows."""

    number: int
    sort: str
    paths: tuple[str, ...] = ()


@dataclass(slots=True)
class History:
    """What a conversation has printed and edited so far.

    `ends[i]` is the client's conversation in tokens after part i. `edits` holds the last part that
    edited a file, by the file's name and then its path.
    """

    ends: list[int] = field(default_factory=list)
    turns: int = 0
    """Answers of the model."""
    results: list[Result] = field(default_factory=list)
    edits: dict[str, dict[str, int]] = field(default_factory=dict)
    _message: int = -1

    def add(self, part: Part, tokens: int) -> None:
        """Take in the next part."""
        number = len(self.ends)
        self.ends.append((self.ends[-1] if self.ends else 0) + tokens)
        if part.role == "assistant" and part.message != self._message:
            self.turns, self._message = self.turns + 1, part.message
        if part.kind == "tool_use":
            for path in edited_by(part):
                self.edits.setdefault(_name(path), {})[path] = number
        elif part.kind == "tool_result" and part.span is not None:
            sort = sort_of(part)
            paths = tuple(shown_by(part)) if sort in ("read", "view") else ()
            self.results.append(Result(number, sort, paths))

    def old(self, pipeline: str, keep: int, *, recoverable: bool, younger: int) -> Iterator[Result]:
        """The results that are old for *pipeline*, of those before the last *keep* tokens.

        *recoverable* says that whole texts are kept. Ages are divided by *younger*.
        """
        ages = _tables().ages.get(pipeline, {})
        now = self.ends[-1]
        for result in self.results:
            age = now - self.ends[result.number]
            if age < keep or not (recoverable or is_repeatable(result.sort)):
                continue
            limit = ages.get(result.sort)
            if (limit is not None and age >= limit // younger) or self.is_outdated(result):
                yield result

    def is_outdated(self, result: Result) -> bool:
        """Whether a file that *result* shows was edited since, and not in the last QUIET tokens."""
        done = [
            number
            for path in result.paths
            for other, number in self.edits.get(_name(path), {}).items()
            if number > result.number and _same(path, other)
        ]
        return bool(done) and self.ends[-1] - self.ends[max(done)] >= QUIET


def is_repeatable(sort: str) -> bool:
    """Whether a call that printed *sort* can be made once more for the same answer."""
    return sort not in _tables().once


def sort_of(part: Part) -> str:
    """What sort of output a result is: a kind, `read`, `edit`, `report` or `other`."""
    tool = (part.tool or "").lower()
    if tool.startswith(_STR_REPLACE):
        viewed = part.call is not None and part.call.arguments.get("command") == "view"
        return "read" if viewed else "edit"
    if tool in READERS:
        return "read"
    if tool in _tables().editors:
        return "edit"
    return kind(part.call) or ("report" if tool in _tables().reporters else "other")


def edited_by(call: Part) -> Iterator[str]:
    """The paths of the files that *call* changes: by an editing tool, or by a patch it carries."""
    tool = (call.tool or "").lower()
    editing = tool in _tables().editors or tool.startswith(_STR_REPLACE)
    if editing and call.arguments.get("command") != "view" and (path := file_path(call)):
        yield path
    texts = [each for each in (*call.arguments.values(), shell_command(call)) if each]
    for text in texts:
        if isinstance(text, str) and "*** " in text:
            yield from _PATCHED.findall(text)


def shown_by(part: Part) -> Iterator[str]:
    """The paths of the files that a result shows, as its call names them."""
    path = file_path(part.call)
    command = shell_command(part.call)
    if path is not None and (command is None or "\n" in command or command == "view"):
        yield path
    elif command is not None:
        yield from (each for each in _PATH.findall(command) if not each.startswith("-"))


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def _same(one: str, other: str) -> bool:
    """Whether two paths may be those of one file: one ends with the other, folder by folder."""
    short, long = sorted((one.removeprefix("./"), other.removeprefix("./")), key=len)
    return long == short or long.endswith("/" + short.lstrip("/"))
