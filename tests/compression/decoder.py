"""Rebuilds a conversation from what was sent, by the words of the markers alone.

Written apart from the packer, from the description of the markers that the docs give a reader. It
knows texts, the tools that printed them and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from tokenpak.canonical import Part

LINES = r"lines? (\d+)(?:-(\d+))?"
OWN_AND_SAME = re.compile(rf"\[{LINES} same as in (.+) above\]")
OWN_AND_OTHER = re.compile(rf"\[{LINES} same as {LINES}(?: of (.+))? above\]")
OTHER = re.compile(rf"\[(\d+) lines? same as {LINES}(?: of (.+))? above\]")
SAME_REMINDER = "[same system-reminder as above]"
REMINDER = re.compile(
    r"(?s:<system-reminder>.*?</system-reminder>)|^" + re.escape(SAME_REMINDER) + "$", re.M
)
ESCAPED = re.compile(r"^\\(\\*\[(?:lines? \d+(?:-\d+)? |\d+ lines? |)same )", re.M)
PATHS = (
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
COMMANDS = ("command", "cmd", "script", "code", "CommandLine")


class Decoder:
    """Reads the parts of a packed conversation in order and gives back their original texts."""

    def __init__(self) -> None:
        self.named: dict[str, int] = {}
        self.sources: dict[str, dict[int, str]] = {}
        self.reminder = ""

    def read(self, parts: Sequence[Part], texts: dict[int, str]) -> list[str]:
        return [self.part(part, texts.get(i, part.text)) for i, part in enumerate(parts)]

    def part(self, part: Part, text: str) -> str:
        if part.kind == "tool_use":
            for key, value in part.arguments.items():
                if isinstance(value, str) and value.count("\n") >= 2:
                    self.remember(f"{name_of(part, part.tool)} {key}", value)
        elif part.kind in ("text", "system") and text.count("\n") >= 2:
            self.remember(f"{part.role} message", text)
        elif part.kind == "tool_result":
            text = self.expand(text)
            self.remember(name_of(part.call, part.tool), text)
            text = ESCAPED.sub(r"\1", self.remind(text))
        return text

    def remember(self, name: str, text: str) -> None:
        self.named[name] = count = self.named.get(name, 0) + 1
        self.sources[name if count == 1 else f"{name} #{count}"] = addresses(text)

    def expand(self, text: str) -> str:
        lines: list[str] = []
        for line in text.split("\n"):
            lines += self.line(line, lines)
        return "\n".join(lines)

    def line(self, line: str, before: list[str]) -> list[str]:
        """What *line* stands for, in a result that begins with the lines *before*."""
        if not line.startswith("["):
            return [line]
        if match := OWN_AND_OTHER.fullmatch(line):
            a, b, start, end, name = match.groups()
            first, last = int(start), int(end or start)
            assert int(b or a) - int(a) == last - first
            return gutter(int(a), self.take(name, first, last, before))
        if match := OWN_AND_SAME.fullmatch(line):
            a, b, name = match.groups()
            return gutter(int(a), self.take(name, int(a), int(b or a), before))
        if match := OTHER.fullmatch(line):
            count, start, end, name = match.groups()
            first, last = int(start), int(end or start)
            assert int(count) == last - first + 1
            return self.take(name, first, last, before)
        return [line]

    def take(self, name: str | None, start: int, end: int, before: list[str]) -> list[str]:
        source = addresses("\n".join(before)) if name is None else self.sources[name]
        return [source[i] for i in range(start, end + 1)]

    def remind(self, text: str) -> str:
        def one(match: re.Match[str]) -> str:
            if match.group() != SAME_REMINDER:
                self.reminder = match.group()
            return self.reminder

        return REMINDER.sub(one, text)


def gutter(first: int, lines: list[str]) -> list[str]:
    return [f"{first + i}\t{line}" for i, line in enumerate(lines)]


@lru_cache(2048)
def addresses(text: str) -> dict[int, str]:
    """Lines by the number in front of them where such numbers count upwards, else from 1."""
    lines = text.split("\n")
    found = [re.match(r"(0|[1-9]\d{0,6})\t", line) for line in lines]
    numbers = [int(m[1]) if m else -9 for m in found]
    shown = {
        i
        for i, n in enumerate(numbers)
        if n >= 0 and (n - 1 in numbers[max(0, i - 1) : i] or n + 1 in numbers[i + 1 : i + 2])
    }
    if not shown:
        return dict(enumerate(lines, 1))
    result: dict[int, str] = {}
    for i in sorted(shown):
        result.setdefault(numbers[i], lines[i].partition("\t")[2])
    return result


def name_of(call: Part | None, tool: str | None) -> str:
    """`Read app.ts`, as a reader of the call would name its result."""
    name = re.sub(r"[\[\]\\\s]+", " ", tool or "tool result").strip() or "tool result"
    arguments: dict[str, Any] = dict(call.arguments) if call else {}
    for key in (*PATHS, *COMMANDS, "pattern", "query", "url", "input"):
        value = arguments.get(key)
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            shell = len(value) >= 3 and re.fullmatch(r"(/\S*/)?(ba|z|da|)sh", value[0])
            value = value[2] if shell and value[1].startswith("-") else " ".join(value)
        if isinstance(value, str) and value.strip():
            detail = value.rstrip("/").split("/")[-1] if key in PATHS else value
            detail = re.sub(r"[\[\]\\\s]+", " ", detail).strip()[:36].strip()
            return f"{name} {detail}" if detail else name
    return name
