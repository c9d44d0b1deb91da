"""What every directive has: which pieces of a conversation it is for."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from typing import Annotated, Literal

from msgspec import Meta, Struct

from tokenpak.processors.languages import language_of
from tokenpak.recipes.piece import Hints, Role, SegmentType
from tokenpak.tokens import count
from tokenpak.tokens.kinds import content_kind
from tokenpak.toolcall import pipelines

Content = Literal["code", "csv", "diff", "html", "json", "logs", "markdown", "prose", "yaml"]
Words = str | tuple[str, ...]
_MARKDOWN = re.compile(r"^#{1,6} \S", re.MULTILINE)
_ROLES: tuple[Role, ...] = ("user", "tool", "system")


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


def _types(kind: SegmentType, hints: Hints) -> set[str]:
    found: set[str] = {kind}
    if kind == "code":
        found |= {"json"} if hints.format in ("json", "jsonc") else set()
        found |= {"markdown"} if hints.format in ("md", "markdown") else set()
    return found


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
