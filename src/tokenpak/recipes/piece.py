"""What a directive is told of the text that it may change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SegmentType = Literal["code", "markdown", "json", "tool_call", "tool_result", "system", "text"]
Role = Literal["user", "assistant", "tool", "system"]


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
        name = (self.path or "").replace("\\", "/").rpartition("/")[2]
        return name.rpartition(".")[2].lower() if "." in name else name.lower()
