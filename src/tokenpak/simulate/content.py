"""What sort of content a part is, for saying which content pays."""

from __future__ import annotations

from tokenpak.canonical import Part
from tokenpak.toolcall import pipelines, shell_command

_READS = "file reads"
_EDITS = "edits"
_SEARCH = "search"
_TOOLS = {
    **dict.fromkeys(
        ("read", "read_file", "readfile", "view", "view_file", "open_file", "read_many_files",
         "notebookread", "cat_file", "open", "scroll_down", "goto"),
        _READS,
    ),
    **dict.fromkeys(
        ("edit", "multiedit", "write", "write_file", "replace", "apply_patch", "create_file",
         "notebookedit", "patch", "create", "insert"),
        _EDITS,
    ),
    **dict.fromkeys(
        ("grep", "glob", "ls", "list", "search_file_content", "grep_search", "list_directory",
         "search_files", "find_file", "search_dir", "search_file", "codebase_search", "toolsearch"),
        _SEARCH,
    ),
    **dict.fromkeys(
        ("webfetch", "websearch", "web_fetch", "google_web_search", "web_search"), "web"
    ),
    **dict.fromkeys(("task", "agent", "taskoutput"), "sub-agents"),
}  # fmt: skip
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
    if tool in _TOOLS:
        return _TOOLS[tool]
    command = shell_command(part.call)
    if tool.startswith(_EDITOR):
        return _READS if command == "view" else _EDITS
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
