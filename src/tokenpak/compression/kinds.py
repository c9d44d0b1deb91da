"""What sort of output a tool call prints, as far as it decides how much of it must stay in sight."""

from __future__ import annotations

import re
from typing import Literal

from tokenpak.canonical import Part
from tokenpak.toolcall import pipelines, shell_command

Kind = Literal["search", "listing", "build", "log", "poll", "help", "web", "forge"]

_TOOLS: dict[str, Kind] = {
    "grep": "search",
    "search_file_content": "search",
    "grep_search": "search",
    "search_files": "search",
    "glob": "listing",
    "list_directory": "listing",
    "ls": "listing",
    "webfetch": "web",
    "websearch": "web",
    "web_fetch": "web",
    "google_web_search": "web",
    "write_stdin": "poll",
    "bashoutput": "poll",
    "taskoutput": "poll",
}

# Program, or program and subcommand, to kind. What is not named has no kind and is never cut:
# file views, diffs, agents' reports and everything unknown.
_PROGRAMS: dict[str, Kind] = {
    **dict.fromkeys(("rg", "grep", "egrep", "fgrep", "ag", "ack"), "search"),
    **dict.fromkeys(("find", "fd", "tree", "ls", "du", "ps", "git ls-files"), "listing"),
    **dict.fromkeys(
        (
            "make", "cmake", "ninja", "bazel", "gradle", "./gradlew", "mvn", "tsc", "webpack",
            "vite", "pytest", "tox", "nox", "jest", "vitest", "mocha", "rspec", "phpunit", "eslint",
            "biome", "ruff", "mypy", "golangci-lint", "go build", "go test", "go vet", "cargo build",
            "cargo test", "cargo check", "cargo clippy", "cargo nextest", "npm test", "npm run",
            "npm install", "npm ci", "pnpm run", "pnpm test", "pnpm install", "yarn", "bun run",
            "bun test", "bun install", "mise run", "just", "dotnet build", "dotnet test",
            "pip install", "poetry install", "uv sync", "apt-get install", "docker build",
            "terraform plan", "terraform apply", "pre-commit",
        ),
        "build",
    ),
    **dict.fromkeys(
        ("git log", "git reflog", "journalctl", "dmesg", "docker logs", "kubectl logs",
         "tmux capture-pane", "workmux capture"),
        "log",
    ),
    **dict.fromkeys(("curl", "wget", "lynx"), "web"),
    **dict.fromkeys(("gh", "glab"), "forge"),
}  # fmt: skip
_HELP = re.compile(r"(?:^|\s)(?:--help|-h|help)(?:\s|$)")
_SILENT = frozenset({"cd", "export", "set", "source", "mkdir", "sleep", "true", "echo", "git add"})


def kind(call: Part | None) -> Kind | None:
    """The kind of output that *call* prints; None where it is unknown or mixed."""
    if call is None:
        return None
    if tool := _TOOLS.get((call.tool or "").lower()):
        return tool
    command = shell_command(call)
    if command is None or "\n" in command.strip():
        return None
    kinds = {_of(programs) for programs in pipelines(command) if programs[0] not in _SILENT}
    return kinds.pop() if len(kinds) == 1 else None


def _of(programs: list[str]) -> Kind | None:
    """The kind of a pipeline: of its first program, unless a later one is not just a filter."""
    first, *filters = programs
    if any(each.split()[0] not in _FILTERS for each in filters):
        return None
    if _HELP.search(" " + first.partition(" ")[2]):
        return "help"
    words = first.split()
    return _PROGRAMS.get(" ".join(words[:2])) or _PROGRAMS.get(words[0])


_FILTERS = frozenset({"head", "tail", "sort", "uniq", "grep", "rg", "tee", "cat", "sed", "awk", "cut"})
