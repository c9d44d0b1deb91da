"""A recipe tried on one file, as `tokenpak template test` does it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import click

from tokenpak.canonical import Part
from tokenpak.compression.directives import step
from tokenpak.compression.segments import pieces
from tokenpak.processors.languages import language_of
from tokenpak.recipes import Hints, Recipe, SegmentType, apply, find
from tokenpak.recipes.catalog import read_file
from tokenpak.recipes.directive import Role
from tokenpak.settings import Settings
from tokenpak.tokens import count

_BY_ENDING: dict[str, SegmentType] = {
    "md": "markdown", "markdown": "markdown", "mdx": "markdown", "json": "json", "ipynb": "json",
    "log": "tool_result", "out": "tool_result", "yaml": "code", "yml": "code",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trial:
    """What a recipe made of a text, in o200k tokens."""

    recipe: str
    type: str
    tokens_raw: int
    tokens_after: int
    text: str
    segments: int = 1

    @property
    def savings_pct(self) -> float:
        saved = self.tokens_raw - self.tokens_after
        return 100 * saved / self.tokens_raw if self.tokens_raw else 0.0

    def figures(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "recipe": self.recipe,
            "type": self.type,
            "tokens_raw": self.tokens_raw,
            "tokens_after": self.tokens_after,
            "saved_tokens": self.tokens_raw - self.tokens_after,
            "savings_pct": round(self.savings_pct, 1),
        }

    def summary(self) -> str:
        """One line for people."""
        return (
            f"{self.recipe} on a piece of type {self.type}: {self.tokens_raw:,} -> "
            f"{self.tokens_after:,} tokens ({self.savings_pct:.1f}% saved)"
        )


def trial(
    recipe: Recipe, text: str, path: str, kind: str | None = None, command: str | None = None
) -> Trial:
    """*recipe* on *text*, the content of *path*, which may be empty.

    *kind* is a type of segments; without it the ending of the path says what the text is. Fences
    inside of Markdown and text are pieces of their own, as in a conversation.
    """
    chosen = cast(SegmentType, kind) if kind else type_of(path, command)
    role: Role = "tool" if chosen == "tool_result" else "system" if chosen == "system" else "user"
    segments = 1
    if chosen in ("text", "markdown"):
        part = Part("text", role, json.dumps(text).encode(), span=(0, 0))
        shown = step(recipe)(part) or text
        segments = len(list(pieces(part, text)))
    else:
        shown = apply(recipe, text, chosen, Hints(None, None, command, path or None, role))
    return Trial(recipe.name, chosen, count(text), count(shown), shown, segments)


def named(name: str, settings: Settings) -> Recipe:
    """The recipe of that name, as it is found from this folder, or of a file that is being written.

    Raises click.UsageError listing the known names if there is none.
    """
    if name.endswith(".yaml"):
        return read_file(Path(name))
    try:
        return find(name, settings.home, Path.cwd()).recipe
    except LookupError as error:
        raise click.UsageError(str(error.args[0])) from error


def type_of(path: str, command: str | None) -> SegmentType:
    """What the content of *path* is by its ending; `text` if that says nothing."""
    if command is not None:
        return "tool_result"
    ending = path.rpartition(".")[2].lower() if "." in path else ""
    known = _BY_ENDING.get(ending)
    return known or ("code" if language_of(ending) else "text")
