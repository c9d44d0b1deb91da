"""A document and where it is from, and what every connector offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

Value = str | int | float | list[str]


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its path inside of its source.

    `provenance` says where it was read: `source` (`filesystem`, `git`, `url`, `obsidian`), and
    what that source knows, such as `revision`, `blob` or `tags`. JSON can hold it.
    """

    path: str
    text: str
    provenance: Mapping[str, Value] = field(default_factory=dict)


class Connector(Protocol):
    """A source of documents. Going through it again reads it again."""

    def __iter__(self) -> Iterator[Document]:
        """The documents, sorted by path; what cannot be read is told to `on_skip`."""


OnSkip = Callable[[str, str], None]
"""Takes the path and the reason of what is skipped."""


def ignore(path: str, reason: str) -> None:
    """Skip in silence."""


def decoded(data: bytes) -> str | None:
    """*data* as text, what is not UTF-8 replaced; None if it is binary."""
    if b"\0" in data[:8192]:
        return None
    return data.decode("utf-8-sig", "replace")
