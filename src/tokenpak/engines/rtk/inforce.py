"""Which filters are in force for a user: read again when a file changes, known by their digest."""

from __future__ import annotations

import logging
from hashlib import sha256
from pathlib import Path

from tokenpak.engines.own_sets import OwnSets
from tokenpak.engines.rtk.catalog import Catalog, built_in
from tokenpak.engines.rtk.config import DEFAULT, RtkConfig
from tokenpak.engines.rtk.trust import filter_files, read_all, trusted_files
from tokenpak.errors import ConfigError

logger = logging.getLogger("tokenpak.rtk")

_sets: OwnSets[Catalog] = OwnSets()


def filter_set(home: Path, config: RtkConfig = DEFAULT) -> str:
    """The digest of the filters in force: the built-in ones (""), and those of the user's files.

    Of projects' files those count that are trusted as they are, whatever project a request comes
    from: a proxy does not know where its client works. A file that cannot be used is named in the
    log once, and the others count. Costs a few calls of stat while no file changes.
    """
    if not config.custom_filters_enabled:
        return ""
    asked = (home, config.trust_project_filters)
    return _sets.digest(asked, _files(home, config), lambda: _load(home, config))


def catalog_of(digest: str) -> Catalog:
    """The filters that `filter_set` gave *digest* for; the built-in ones where it is forgotten."""
    return _sets.get(digest) or built_in()


def _load(home: Path, config: RtkConfig) -> tuple[str, Catalog] | None:
    found = read_all(home, trusted=config.trust_project_filters)
    for line in found.refused:
        logger.warning("a filter file is not used: %s", line)
    custom = [each for each in found.catalog.filters if each.origin != "built-in"]
    if not custom:
        return None
    told = "\n".join(f"{each.origin} {each.spec!r}" for each in custom)
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16], found.catalog


def _files(home: Path, config: RtkConfig) -> list[Path]:
    """The files that may hold filters; none where they cannot be listed."""
    try:
        files = list(filter_files(home / "rtk"))
        if config.trust_project_filters:
            files += trusted_files(home)
    except (ConfigError, OSError):
        return []
    return files
