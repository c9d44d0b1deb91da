"""Directives: the texts of a conversation as the recipe in force leaves them."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import get_args

from tokenpak.canonical import Part
from tokenpak.compression.segments import pieces
from tokenpak.errors import ConfigError, WireError
from tokenpak.recipes import Hints, Recipe, apply, digest
from tokenpak.recipes.directive import Role, words
from tokenpak.recipes.inforce import any_chosen, chosen, in_force
from tokenpak.tokens import count
from tokenpak.toolcall import file_path, shell_command

logger = logging.getLogger("tokenpak.compression")

_KINDS = frozenset({"text", "system", "tool_result"})


@dataclass(frozen=True, slots=True, repr=False)
class Step:
    """A recipe as a step of a plan; its `repr` names what it does, for the memo's key."""

    recipe: Recipe
    digest: str

    def __repr__(self) -> str:
        return f"Step({self.recipe.name!r}, {self.digest!r})"

    def __call__(self, part: Part, text: str | None = None) -> str | None:
        """The new text of *part*, whose text is *text* if that is given; None if it stays.

        Follows from the part and its call alone. Never more tokens than before. What cannot be
        rewritten or read, and every part that is no text, stays.
        """
        if not self.touches(part):
            return None
        try:
            old = part.text if text is None else text
        except WireError:
            return None
        new = self._rewritten(part, old)
        return new if new != old and count(new) < count(old) else None

    def touches(self, part: Part) -> bool:
        """Whether the recipe may change parts like *part*."""
        if part.kind not in _KINDS or part.span is None:
            return False
        role = _role(part)
        return any(role in words(each.role) for each in self.recipe.directives)

    def _rewritten(self, part: Part, text: str) -> str:
        """Piece by piece; the blanks between the pieces stay."""
        out: list[str] = []
        at = 0
        for kind, piece, language in pieces(part, text):
            start = text.index(piece, at)
            hints = _hints(part, language)
            out += [text[at:start], apply(self.recipe, piece, kind, hints)]
            at = start + len(piece)
        return "".join([*out, text[at:]])


def step(recipe: Recipe) -> Step:
    """*recipe* as a step of a plan."""
    return Step(recipe, digest(recipe))


def run(parts: Sequence[Part], recipe: Recipe) -> Mapping[int, str]:
    """The new texts by the number of the part; parts that stay are not named."""
    one = step(recipe)
    found = ((number, one(part)) for number, part in enumerate(parts))
    return {number: text for number, text in found if text is not None}


def chosen_step(
    asked: str | None, of_route: str, default: str, home: Path, parts: Sequence[Part]
) -> Step | None:
    """The step that is in force for a conversation; None if no recipe is.

    The recipe that the request *asked* for goes before that of its route, that before the one
    chosen for the project that the conversation says it works in, that before the *default*; `off`
    is none. Raises ConfigError if the one asked for does not exist or may not be used; of the
    others the log tells, and none is in force.
    """
    if not (asked or of_route or default or any_chosen(home)):
        return None  # and no text is read to find that out
    try:
        folder = working_folder(parts)
        project = chosen(folder, home)
        name = asked or of_route or (project[0] if project else default)
        if not name or name == "off":
            return None
        return step(in_force(name, home, project[1] if project else folder))
    except ConfigError as error:
        if asked:
            raise
        _tell(str(error))
        return None


@lru_cache(maxsize=64)  # once, not at every request
def _tell(error: str) -> None:
    logger.warning("no recipe is in force: %s", error)


# How agents tell the model where they are: Claude Code and OpenCode, Codex, Gemini CLI.
_FOLDER = re.compile(
    r"(?:[Ww]orking directory: |<cwd>|working in the directory: )(?P<folder>/[^\n<]{1,1000})"
)


def working_folder(parts: Sequence[Part]) -> str | None:
    """The folder that the conversation says it works in, by what stands before the first answer."""
    for part in parts:
        if part.role == "assistant":
            return None
        try:
            found = _FOLDER.search(part.text) if part.kind in ("system", "text") else None
        except WireError:
            continue
        if found:
            return found["folder"].rstrip(" \r/") or "/"
    return None


def _role(part: Part) -> Role:
    if part.kind == "system":
        return "system"
    if part.kind == "tool_result":
        return "tool"
    return part.role if part.role in get_args(Role) else "user"  # type: ignore[return-value]


def _hints(part: Part, language: str | None) -> Hints:
    if part.kind != "tool_result":
        return Hints(language=language, role=_role(part))
    return Hints(
        tool=part.tool,
        command=shell_command(part.call),
        path=file_path(part.call),
        role="tool",
    )
