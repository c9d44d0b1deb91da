"""What sort of output a tool call prints, which decides how much of it must stay in sight."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from tokenpak.canonical import Part
from tokenpak.tables import table
from tokenpak.toolcall import pipelines, shell_command

Kind = Literal[
    "search", "listing", "build", "log", "poll", "help", "web", "forge", "diff", "view", "shell"
]


@cache
def _tables() -> tuple[dict[str, Kind], dict[str, Kind]]:
    """Kinds by tool and by program, or program and subcommand."""
    listed = table("tokenpak.data", "output_kinds.yaml", dict[str, dict[Kind, list[str]]])
    return (
        {name: sort for sort, names in listed["tools"].items() for name in names},
        {name: sort for sort, names in listed["programs"].items() for name in names},
    )


# Tools whose `command` is none of a shell's, but says what to do with a file or names a skill.
_NO_SHELL = re.compile(r"(?:write|edit|apply_patch|skill|slashcommand)$|str_replace", re.IGNORECASE)
_HELP = re.compile(r"(?:^|\s)(?:--help|-h|help)(?:\s|$)")
_PATCH = re.compile(r"\s(?:-p|-u|--patch)(?:\s|$)")
_SILENT = frozenset({"cd", "export", "set", "source", "mkdir", "sleep", "true", "echo"})


def kind(call: Part | None) -> Kind | None:
    """The kind of output that *call* prints; None for tools that are neither shell nor known.

    `shell` is the output of commands that are unknown or of several kinds.
    """
    if call is None:
        return None
    if tool := _tables()[0].get((call.tool or "").lower()):
        return tool
    command = shell_command(call)
    if command is None or _NO_SHELL.match(call.tool or ""):
        return None
    kinds = {_of(each) for each in pipelines(command) if each[0].split()[0] not in _SILENT}
    return kinds.pop() if len(kinds) == 1 and "\n" not in command.strip() else "shell"


def _of(pipeline: list[str]) -> Kind:
    """The kind of a pipeline: of its first program, unless a later one is not just a filter."""
    first, *filters = pipeline
    if any(each.split()[0] not in _FILTERS for each in filters):
        return "shell"
    if _HELP.search(" " + first.partition(" ")[2]):
        return "help"
    words = first.split()
    if words[:2] == ["git", "log"] and _PATCH.search(first):
        return "diff"
    known = _tables()[1]
    names = (" ".join(words[:size]) for size in (3, 2, 1))
    return next((known[name] for name in names if name in known), "shell")


_FILTERS = frozenset(
    {"head", "tail", "sort", "uniq", "grep", "rg", "tee", "cat", "sed", "awk", "cut"}
)
