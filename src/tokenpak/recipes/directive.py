"""What every directive has: which pieces of a conversation it is for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Annotated, Literal

from msgspec import Meta, Struct

from tokenpak.processors.languages import ending_of, language_of
from tokenpak.tokens import count
from tokenpak.tokens.kinds import content_kind
from tokenpak.toolcall import pipelines

SegmentType = Literal["code", "markdown", "json", "tool_call", "tool_result", "system", "text"]
Role = Literal["user", "assistant", "tool", "system"]
Content = Literal["code", "csv", "diff", "html", "json", "logs", "markdown", "prose", "yaml"]
Words = str | tuple[str, ...]
_MARKDOWN = re.compile(r"^#{1,6} \S", re.MULTILINE)
_ROLES: tuple[Role, ...] = ("user", "tool", "system")
# What code counts as, too, by the word of its fence.
_FENCED = {"json": "json", "jsonc": "json", "md": "markdown", "markdown": "markdown"}


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known about a text beside its type; all of it may be unknown.

    `language` is the word after a code fence or the ending of a file, `tool` and `command` what
    printed a tool result, `path` the file that it shows.
    """

    language: str | None = None
    tool: str | None = None
    command: str | None = None
    path: str | None = None
    role: Role = "user"

    @property
    def format(self) -> str:
        """The language in lower case: the given one, or the ending of the path; may be empty."""
        if self.language:
            return self.language.lower().lstrip(".")
        return ending_of(self.path or "")


class Directive(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="action"):
    """One instruction: the `action` for the pieces of a `type` that fit all that is said here.

    `type` is what the piece is, or several; a code fence marked as JSON is `json`, too. `language`
    names languages by fence word or file ending; `tool`, `command` and `path` are globs for what
    printed a tool result; `content` is what a text looks like; `role` is who wrote it, in place of
    the default, which leaves out what the assistant wrote; smaller pieces than `min_tokens` stay.
    """

    type: SegmentType | tuple[SegmentType, ...]
    language: Words = ()
    tool: Words = ()
    command: Words = ()
    path: Words = ()
    content: Content | tuple[Content, ...] = ()
    role: Role | tuple[Role, ...] = _ROLES
    min_tokens: Annotated[int, Meta(ge=0)] = 0

    def run(self, text: str, hints: Hints) -> str:
        """*text* as the action leaves it."""
        raise NotImplementedError(f"{type(self).__name__} is no action")

    def matches(self, text: str, kind: SegmentType, hints: Hints) -> bool:
        """Whether the directive is for *text*, a piece of that *kind*."""
        return (
            not words(self.type).isdisjoint(_types(kind, hints))
            and hints.role in words(self.role)
            and _speaks(self.language, hints)
            and _fits(self.tool, (hints.tool or "").lower())
            and _fits(self.path, *_paths(hints.path))
            and _runs(self.command, hints.command)
            and (not self.content or _looks(text, hints) in words(self.content))
            # A token is at least one byte, so what is shorter need not be counted.
            and (not self.min_tokens or _has(text, self.min_tokens))
        )


def words(value: Words) -> frozenset[str]:
    """*value*, one word or several, as a set."""
    return frozenset((value,) if isinstance(value, str) else value)


def _types(kind: SegmentType, hints: Hints) -> tuple[str, str]:
    return kind, _FENCED.get(hints.format, kind) if kind == "code" else kind


def _speaks(wanted: Words, hints: Hints) -> bool:
    if not wanted:
        return True
    here = language_of(hints.format) or hints.format
    return any((language_of(each) or each.lower()) == here for each in words(wanted))


def _fits(globs: Words, *names: str) -> bool:
    return not globs or any(
        fnmatch(name, glob.lower()) for glob in words(globs) for name in names if name
    )


def _paths(path: str | None) -> tuple[str, str]:
    whole = (path or "").replace("\\", "/").lower()
    return whole, whole.rpartition("/")[2]


def _runs(globs: Words, command: str | None) -> bool:
    if not globs:
        return True
    stages = [stage for each in pipelines(command or "") for stage in each]
    return any(_fits(globs, stage.lower()) for stage in stages)


def _has(text: str, tokens: int) -> bool:
    return len(text) * 4 >= tokens and count(text) >= tokens


def _looks(text: str, hints: Hints) -> Content | None:
    if hints.format in ("csv", "tsv"):
        return "csv"
    found = content_kind(text)
    if found == "json_pretty":
        return "json"
    if found == "prose" or found == "cjk":
        return "markdown" if _MARKDOWN.search(text) else "prose"
    return None if found == "mixed" else found
