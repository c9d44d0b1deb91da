"""Finds the transcripts in files and folders, and reads each in the format that claims it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tokenpak.errors import WireError
from tokenpak.simulate.conversation import Conversation
from tokenpak.simulate.formats import FORMATS
from tokenpak.simulate.formats.base import Format
from tokenpak.simulate.source import DATABASE, Source, is_candidate


def find(paths: Sequence[Path]) -> list[Path]:
    """Every file in *paths*, and of their folders those that are named like transcripts, once."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found |= dict.fromkeys(
                each for each in sorted(path.rglob("*")) if is_candidate(each) and each.is_file()
            )
        else:
            found[path] = None
    return [each for each in found if not _is_piece(each) and not _is_moved(each)]


def installed(home: Path) -> list[Path]:
    """The transcripts that the agents installed below *home* keep."""
    found: list[Path] = []
    for each in FORMATS:
        for place in each.places:
            folder, _, pattern = place.partition(":")
            found += sorted(path for path in (home / folder).glob(pattern) if path.is_file())
    return [each for each in found if not _is_moved(each)]


def places() -> list[str]:
    """Where `installed` looks, for people."""
    folders = (place.partition(":")[0] for each in FORMATS for place in each.places)
    return [f"~/{folder}" for folder in dict.fromkeys(folders)]


def format_of(source: Source) -> Format | None:
    """The format of *source*; None if no one knows it. Raises WireError if it is no JSON."""
    head = source.head()
    return next((each for each in FORMATS if head and each.claims(source, head)), None)


def read(source: Source) -> Iterator[Conversation]:
    """The conversations in *source* that have a turn.

    Raises WireError if no format knows it, and OSError if it cannot be opened.
    """
    known = format_of(source)
    if known is None:
        raise WireError("not a transcript that we know")
    for conversation in known.read(source):
        if conversation.turns():
            yield conversation


def _is_piece(path: Path) -> bool:
    """Whether *path* is a piece of a transcript that has an index of its own (OpenCode)."""
    folder = path.parent.parent
    return folder.name in ("message", "part") and (folder.parent / "session").is_dir()


def _is_moved(path: Path) -> bool:
    """Whether *path* is a file of OpenCode's which its database has taken over."""
    storage = next((each for each in path.parents if each.name == "storage"), None)
    return storage is not None and (storage.parent / DATABASE).is_file()
