"""A file written whole or not at all, for its owner alone."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write(path: Path, data: bytes) -> None:
    """Put *data* in the place of what *path* holds; after a crash or on a full disk that is kept.

    The file gets mode 0600, a folder that has to be made 0700. Where *path* is a link, it stays
    one, and what it leads to is written. Raises OSError.
    """
    path = path.resolve()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A name of its own, as two processes may write the same file at once: the later one counts.
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
