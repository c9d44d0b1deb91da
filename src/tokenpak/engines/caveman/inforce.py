"""Which packs are in force for a user: read again when a file changes, known by their digest."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from hashlib import sha256
from pathlib import Path

from tokenpak.engines.caveman.catalog import built_in, with_packs
from tokenpak.engines.caveman.reader import pack_files, read_pack
from tokenpak.engines.caveman.ready import Ready
from tokenpak.errors import ConfigError

logger = logging.getLogger("tokenpak.caveman")

FOLDER = "language-packs"
_MAX_SETS = 32
_Stamp = tuple[tuple[str, int, int], ...]

_lock = threading.Lock()
_read: dict[Path, tuple[_Stamp, str]] = {}
_sets: OrderedDict[str, tuple[Ready, ...]] = OrderedDict()


def pack_set(home: Path) -> str:
    """The digest of the packs in `language-packs` of *home*; "" if the built-in ones are alone.

    A file that cannot be used is named in the log once, and the others count. Costs a few calls of
    stat while no file changes.
    """
    folder = home / FOLDER
    if not folder.is_dir():
        return ""
    stamp = _stamp(folder)
    with _lock:
        known = _read.get(home)
        if known is None or known[0] != stamp:
            known = _read[home] = stamp, _load(folder)
        return known[1]


def packs_of(digest: str) -> tuple[Ready, ...]:
    """The packs that `pack_set` gave *digest* for; the built-in ones where it is forgotten."""
    if not digest:
        return built_in()
    with _lock:
        return _sets.get(digest) or built_in()


def _load(folder: Path) -> str:
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
    if not own:
        return ""
    name = digest.hexdigest()[:16]
    _sets[name] = with_packs(own)
    _sets.move_to_end(name)
    while len(_sets) > _MAX_SETS:
        _sets.popitem(last=False)
    return name


def _stamp(folder: Path) -> _Stamp:
    """What changes when a file does: names, sizes and times."""
    found = []
    for path in pack_files(folder):
        try:
            state = path.stat()
        except OSError:
            continue
        found.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(found)
