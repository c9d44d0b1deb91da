"""What a tool call tells about its result: the shell command, the program, a short name for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tokenpak.canonical import Part

_COMMAND_KEYS = ("command", "cmd", "script", "code", "CommandLine")
_PATH_KEYS = (
    "file_path",
    "path",
    "filePath",
    "filename",
    "file",
    "absolute_path",
    "notebook_path",
    "target_file",
    "uri",
)
_DETAIL_KEYS = (*_PATH_KEYS, *_COMMAND_KEYS, "pattern", "query", "url", "input")
_WRAPPER = re.compile(r"^(?:/\S*/)?(?:ba|z|da|)sh$")
_LABEL_CHARS = 36
_UNSAFE = re.compile(r"[\[\]\\\s]+")

# What may stand before the program in a shell command: assignments and wrappers without options
# that take a value.
_PREFIX = re.compile(r"^(?:\w+=\S*|sudo|time|nohup|command|env|exec)\s+")
_QUOTED = re.compile(r"'[^']*'|\"(?:\\.|[^\"\\])*\"")
_REDIRECTION = re.compile(r"\s*\d?>+\s*(?:&\d|\S+)")
_SEARCHERS = frozenset({"rg", "grep", "egrep", "fgrep", "zgrep", "ag", "ack", "ugrep"})


def shell_command(call: Part | None) -> str | None:
    """The shell command of a tool call, unwrapped from `bash -lc`; None if it runs none."""
    if call is None:
        return None
    for key in _COMMAND_KEYS:
        value = call.arguments.get(key)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, list) and value and all(isinstance(word, str) for word in value):
            return _unwrapped(value)
    return None


def file_path(call: Part | None) -> str | None:
    """The file that a tool call names; None if it names none."""
    if call is None:
        return None
    found = (call.arguments.get(key) for key in _PATH_KEYS)
    return next((value for value in found if isinstance(value, str) and value), None)


def _unwrapped(words: list[str]) -> str:
    if len(words) >= 3 and _WRAPPER.match(words[0]) and words[1].startswith("-"):
        return words[2]
    return " ".join(words)


def prints_search(call: Part | None) -> bool:
    """Whether the output of *call* consists of the lines that a search command found.

    True for an agent's search tool and for a shell command whose every program that prints is a
    search (`rg x | head`, `cd a && grep -rn y .`), so that linters, which print the same shape,
    are left alone.
    """
    if call is None:
        return False
    if (call.tool or "").lower() in ("grep", "search_file_content", "grep_search", "search_files"):
        return True
    command = shell_command(call)
    if command is None or "\n" in command.strip():
        return False
    printing = [each for each in pipelines(command) if each[0].split()[0] not in _SILENT]
    return bool(printing) and all(_searches(each) for each in printing)


_SILENT = frozenset({"cd", "export", "set"})
_SHAPING = frozenset({"head", "tail", "sort", "uniq"})


def _searches(pipeline: list[str]) -> bool:
    first, *rest = [stage.split()[0] for stage in pipeline]
    return first in _SEARCHERS and all(each in _SHAPING | _SEARCHERS for each in rest)


def pipelines(command: str) -> list[list[str]]:
    """The statements of *command*, each as the stages of its pipeline: `["git log -5", "head"]`.

    Quoted words become `Q`; assignments, wrappers (`sudo`, `env`), the folder of a program and
    `git -C DIR` go; `git grep` becomes `grep`.
    """
    statements = re.split(r"&&|\|\||;|\n", _QUOTED.sub("Q", command))
    found = [[_stage(stage) for stage in each.split("|") if stage.strip()] for each in statements]
    return [each for each in found if each and each[0]]


def _stage(stage: str) -> str:
    stage = _REDIRECTION.sub("", stage).strip().lstrip("({ ")
    while prefix := _PREFIX.match(stage):
        stage = stage[prefix.end() :]
    words = stage.split() or ["?"]
    words[0] = words[0].rsplit("/", 1)[-1] or "?"
    if words[0] == "git":
        while len(words) > 2 and words[1] in ("-C", "-c"):
            del words[1:3]
        words = [word for word in words if word != "--no-pager"]
        if words[1:2] == ["grep"]:
            words = words[1:]
    return " ".join(words)


def label(call: Part | None, tool: str | None) -> str:
    """A short name for a call that both a reader and a decoder recognise: `Read app.ts`.

    One line, at most 36 characters of detail, without brackets, backslashes or double spaces.
    """
    name = _UNSAFE.sub(" ", tool or "tool result").strip() or "tool result"
    detail = _detail(call.arguments) if call is not None else ""
    return f"{name} {detail}" if detail else name


def _detail(arguments: Mapping[str, Any]) -> str:
    for key in _DETAIL_KEYS:
        value = arguments.get(key)
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            value = _unwrapped(value)
        if isinstance(value, str) and value.strip():
            if key in _PATH_KEYS:
                value = value.rstrip("/").rsplit("/", 1)[-1]
            return _UNSAFE.sub(" ", value).strip()[:_LABEL_CHARS].strip()
    return ""
