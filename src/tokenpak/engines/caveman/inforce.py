"""Which packs are in force for a user: read again when a file changes, known by their digest."""

from __future__ import annotations

import logging
from hashlib import sha256
from pathlib import Path

from tokenpak.engines.caveman.catalog import built_in, with_packs
from tokenpak.engines.caveman.reader import pack_files, read_pack
from tokenpak.engines.caveman.ready import Ready
from tokenpak.engines.own_sets import OwnSets
from tokenpak.errors import ConfigError

logger = logging.getLogger("tokenpak.caveman")

FOLDER = "language-packs"

_sets: OwnSets[tuple[Ready, ...]] = OwnSets()


def pack_set(home: Path) -> str:
    """The digest of the packs in `language-packs` of *home*; "" if the built-in ones are alone.

    A file that cannot be used is named in the log once, and the others count. Costs a few calls of
    stat while no file changes.
    """
    folder = home / FOLDER
    if not folder.is_dir():
        return ""
    return _sets.digest(home, pack_files(folder), lambda: _load(folder))


def packs_of(digest: str) -> tuple[Ready, ...]:
    """The packs that `pack_set` gave *digest* for; the built-in ones where it is forgotten."""
    return _sets.get(digest) or built_in()


def _load(folder: Path) -> tuple[str, tuple[Ready, ...]] | None:
    own, digest = [], sha256()
    for path in pack_files(folder):
        try:
            text = path.read_text("utf-8")
            own.append(read_pack(text, str(path)))
        except (ConfigError, OSError, UnicodeDecodeError) as error:
            where = "" if isinstance(error, ConfigError) else f"{path}: "
            logger.warning("a language pack is not used: %s%s", where, error)
            continue
        digest.update(b"%d " % len(text) + text.encode("utf-8", "surrogatepass"))
    return (digest.hexdigest()[:16], with_packs(own)) if own else None
