"""Which filters are in force for a user: read again when a file changes, known by their digest."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tokenpak.engines.rtk.catalog import Catalog, built_in
from tokenpak.engines.rtk.config import DEFAULT, RtkConfig
from tokenpak.engines.rtk.trust import filter_files, read_all, trusted_files
from tokenpak.errors import ConfigError

logger = logging.getLogger("tokenpak.rtk")

_MAX_SETS = 32
_Stamp = tuple[tuple[str, int, int], ...]
_Asked = tuple[Path, bool, bool]


@dataclass(frozen=True, slots=True)
class _Read:
    stamp: _Stamp
    digest: str


_lock = threading.Lock()
_read: dict[_Asked, _Read] = {}
_sets: OrderedDict[str, Catalog] = OrderedDict()


def filter_set(home: Path, config: RtkConfig = DEFAULT) -> str:
    """The digest of the filters in force: the built-in ones (""), and those of the user's files.

    Of projects' files those count that are trusted as they are, whatever project a request comes
    from: a proxy does not know where its client works. A file that cannot be used is named in the
    log once, and the others count. Costs a few calls of stat while no file changes.
    """
    if not config.custom_filters_enabled:
        return ""
    asked = (home, config.custom_filters_enabled, config.trust_project_filters)
    stamp = _stamp(home, config)
    with _lock:
        known = _read.get(asked)
        if known is None or known.stamp != stamp:
            known = _Read(stamp, _load(home, config))
            _read[asked] = known
        return known.digest


def catalog_of(digest: str) -> Catalog:
    """The filters that `filter_set` gave *digest* for; the built-in ones where it is forgotten."""
    if not digest:
        return built_in()
    with _lock:
        return _sets.get(digest) or built_in()


def _load(home: Path, config: RtkConfig) -> str:
    found = read_all(home, trusted=config.trust_project_filters)
    for line in found.refused:
        logger.warning("a filter file is not used: %s", line)
    custom = [each for each in found.catalog.filters if each.origin != "built-in"]
    if not custom:
        return ""
    told = "\n".join(f"{each.origin} {each.spec!r}" for each in custom)
    digest = sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    _sets[digest] = found.catalog
    _sets.move_to_end(digest)
    while len(_sets) > _MAX_SETS:
        _sets.popitem(last=False)
    return digest


def _stamp(home: Path, config: RtkConfig) -> _Stamp:
    """What changes when a file does: names, sizes and times."""
    try:
        files = list(filter_files(home / "rtk"))
        if config.trust_project_filters:
            files += trusted_files(home)
    except (ConfigError, OSError):
        return ()
    found = []
    for path in files:
        try:
            state = path.stat()
        except OSError:
            continue
        found.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(found)
