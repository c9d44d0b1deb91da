"""One file, read and understood: its hash, tokens and words, or why it is skipped."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from typing import NamedTuple

from tokenpak.symbols import outline
from tokenpak.tokens.estimates import by_character_classes
from tokenpak.vault import filetypes, packed, words
from tokenpak.vault.walk import Stamp, stamp_of

MAX_SYMBOLS = 3000
_TRIES = 3


class Job(NamedTuple):
    """A file to read: its path below the root, and the hash it had when it was last indexed."""

    path: str
    known: bytes | None


class Parsed(NamedTuple):
    """What a file holds. With a `reason` it is skipped; without `columns` its content is known."""

    path: str
    stamp: Stamp | None
    content_hash: bytes | None = None
    file_type: str | None = None
    tokens: int = 0
    columns: words.Columns | None = None
    symbols: bytes | None = None
    reason: str | None = None


def parse(root: str, job: Job, moved: Collection[bytes] = (), exact: bool = True) -> Parsed:
    """Read the file of *job* below *root*. Content with its known hash, or one of *moved*, is
    not looked at further. Never raises for what a file holds or how it fails.
    """
    try:
        read = _read(os.path.join(root, job.path))
    except OSError as error:
        return Parsed(job.path, None, reason=f"unreadable: {error.strerror}")
    if read is None:
        return Parsed(job.path, None, reason="changed while it was read")
    data, stamp = read
    digest = hashlib.sha256(data).digest()
    if digest == job.known or digest in moved:
        return Parsed(job.path, stamp, digest)
    kind = filetypes.file_type(job.path.rpartition("/")[2], data[:100])
    reason = filetypes.by_content(data, kind)
    if len(data) > filetypes.MAX_BYTES:
        reason = f"larger than {filetypes.MAX_BYTES // 1_000_000} MB"
    if reason:
        return Parsed(job.path, stamp, digest, reason=reason)
    return _understood(job.path, stamp, digest, kind, data, exact)


def _understood(
    path: str, stamp: Stamp, digest: bytes, kind: str, data: bytes, exact: bool
) -> Parsed:
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    symbols, notes = outline(text, kind, exact=exact)
    del symbols[MAX_SYMBOLS:]
    # Without NUL, which the packed form uses; a text with one further down is no reason to fail.
    symbols = [each._replace(name=each.name[:200].replace("\0", " ")) for each in symbols]
    columns = words.columns(path, symbols, notes)
    return Parsed(
        path,
        stamp,
        digest,
        kind,
        by_character_classes(text),
        columns,
        packed.pack(symbols, columns.note.split()),
    )


def _read(path: str) -> tuple[bytes, Stamp] | None:
    """The bytes of a file and its stamp; None if it kept changing meanwhile."""
    for _ in range(_TRIES):
        with open(path, "rb", buffering=0, opener=_opened) as file:
            before = os.fstat(file.fileno())
            data = file.read(filetypes.MAX_BYTES + 1) or b""
            after = os.fstat(file.fileno())
        if before.st_mtime_ns == after.st_mtime_ns and len(data) == min(
            after.st_size, filetypes.MAX_BYTES + 1
        ):
            return data, stamp_of(after)
    return None


def _opened(path: str, flags: int) -> int:
    """A descriptor of *path*, which is no link; a pipe in its place must not hold us up."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
