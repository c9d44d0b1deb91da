"""The texts, besides tool results, that a later result may repeat: writes, edits, pastes."""

from __future__ import annotations

from collections.abc import Iterator

from tokenpak.canonical import Part
from tokenpak.toolcall import label

_MIN_LINES = 3


def texts_of(part: Part, sent: str | None = None) -> Iterator[tuple[str, str]]:
    """Name and text of everything in *part* that runs over several lines.

    *sent* is the text of the part as it is sent, if that is not its own.
    """
    if part.kind == "tool_use":
        name = label(part, part.tool)
        for key, value in part.arguments.items():
            if isinstance(value, str) and value.count("\n") >= _MIN_LINES - 1:
                yield f"{name} {key}", value
    elif part.kind in ("text", "system"):
        text = part.text if sent is None else sent
        if text.count("\n") >= _MIN_LINES - 1:
            yield f"{part.role} message", text
