"""What sort of content a part is, for saying which content pays."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from tokenpak.canonical import Part
from tokenpak.tables import table
from tokenpak.toolcall import pipelines, shell_command

_SHELLS = ("bash", "shell", "sh", "exec", "terminal", "powershell", "execute_command")
_EDITOR = "str_replace"
_SILENT = frozenset(
    {"cd", "export", "set", "source", ".", "mkdir", "sleep", "true", "echo", "printf"}
)
_WITH_SUBCOMMAND = frozenset(
    {"git", "npm", "pnpm", "yarn", "cargo", "go", "docker", "kubectl", "gh", "uv", "bun"}
)
_OF_OTHERS = {"text": "words of the user", "tool_use": "tool calls", "system": "system prompt"}


def content_of(part: Part) -> str:
    """`file reads`, `edits`, `search`, `shell: git diff`, `other tools`, …; `tool calls`, …"""
    if part.kind != "tool_result":
        if part.kind == "text" and part.role == "assistant":
            return "words of the agent"
        return _OF_OTHERS.get(part.kind, part.kind)
    tool = (part.tool or "").lower()
    if tool in _kinds():
        return _kinds()[tool]
    command = shell_command(part.call)
    if tool.startswith(_EDITOR):
        return "file reads" if command == "view" else "edits"
    if command is not None and any(name in tool for name in _SHELLS):
        return f"shell: {_program(command)}"
    return "other tools"


def _program(command: str) -> str:
    """The first program of *command* that prints, with its subcommand where it has some."""
    for stages in pipelines(command):
        words = stages[0].split()
        if words[0] in _SILENT:
            continue
        with_sub = words[0] in _WITH_SUBCOMMAND and len(words) > 1 and words[1][0].isalpha()
        return " ".join(words[:2]) if with_sub else words[0][:24]
    return "other"


@cache
def _kinds() -> Mapping[str, str]:
    """The kind of content by the name of the tool."""
    listed = table("tokenpak.simulate", "content.yaml", dict[str, list[str]])
    return {tool: kind for kind, tools in listed.items() for tool in tools}
