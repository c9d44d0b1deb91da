"""Filters of a project and of a user, and which of a project's files may be used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from tokenpak import _atomic
from tokenpak._lock import held
from tokenpak.engines.rtk.catalog import Catalog, built_in, ordered
from tokenpak.engines.rtk.loaded import Loaded
from tokenpak.engines.rtk.reader import read_filters
from tokenpak.engines.strict import MAX_BYTES, SUFFIXES
from tokenpak.errors import ConfigError

_TRUSTED = "trusted.json"


@dataclass(frozen=True, slots=True)
class Found:
    """What was read: a catalogue, and a line for every file that was not used."""

    catalog: Catalog
    refused: list[str] = field(default_factory=list)


class Trust:
    """Which project files the user has looked at, by path and SHA-256 of their content."""

    def __init__(self, home: Path, folder: str = "rtk") -> None:
        self._path = home / folder / _TRUSTED

    def paths(self) -> list[str]:
        """Every file that was trusted, as it was then."""
        return list(self._read())

    def _read(self) -> dict[str, str]:
        try:
            value = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise ConfigError(f"{self._path}: cannot be read: {error}; remove it") from error
        if not isinstance(value, dict):
            raise ConfigError(f"{self._path}: is no object; remove it")
        return {str(key): str(each) for key, each in value.items()}

    def _write(self, trusted: dict[str, str]) -> None:
        _atomic.write(self._path, f"{json.dumps(trusted, indent=2)}\n".encode())

    def add(self, path: Path) -> None:
        """Trust *path* as it is now; raises ConfigError if it is no valid filter file."""
        data = path.read_bytes()
        _load(data, path, "project")
        self.remember(path, data)

    def remember(self, path: Path, data: bytes) -> None:
        """Trust *path* while it holds *data*, which the caller has checked."""
        with held(self._path):
            self._write(self._read() | {str(path.resolve()): sha256(data).hexdigest()})

    def remove(self, path: Path) -> bool:
        """Trust *path* no more; False if it was not trusted."""
        with held(self._path):
            trusted = self._read()
            known = trusted.pop(str(path.resolve()), None) is not None
            if known:
                self._write(trusted)
        return known

    def state(self, path: Path, data: bytes) -> str:
        """`trusted`, `changed` or `unknown`."""
        known = self._read().get(str(path.resolve()))
        if known is None:
            return "unknown"
        return "trusted" if known == sha256(data).hexdigest() else "changed"


def read_all(home: Path, project: Path | None = None, *, trusted: bool = False) -> Found:
    """Every filter there is: those of *project* that are trusted, the user's, the built-in ones.

    With *trusted* every project's files that are trusted count. A file that cannot be used is
    named in `refused`, with the reason; the others count.
    """
    filters: list[Loaded] = list(built_in().filters)
    refused: list[str] = []
    for path in filter_files(home / "rtk"):
        if path.name != _TRUSTED:
            _take(path, "global", filters, refused)
    files = list(filter_files(project / ".tokenpak" / "rtk")) if project is not None else []
    try:
        if trusted:
            files += [path for path in trusted_files(home) if path.resolve() not in files]
        for path in files:
            _take(path, "project", filters, refused, Trust(home))
    except ConfigError as error:
        refused.append(str(error))
    return Found(ordered(filters), refused)


def trusted_files(home: Path) -> list[Path]:
    """The projects' files that were trusted once, and exist still; raises ConfigError."""
    return [path for path in map(Path, sorted(Trust(home).paths())) if path.is_file()]


def filter_files(folder: Path) -> Iterator[Path]:
    """The filter files in *folder*, in order of their names; none if there is no such folder."""
    if folder.is_dir():
        yield from sorted(
            path for path in folder.iterdir() if path.suffix in SUFFIXES and path.is_file()
        )


def _take(
    path: Path, origin: str, filters: list[Loaded], refused: list[str], trust: Trust | None = None
) -> None:
    """Add the filters of *path*, read once, so that what is used is what was looked at."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        refused.append(f"{path}: cannot be read: {error}")
        return
    state = trust.state(path, data) if trust else "trusted"
    if state != "trusted":
        reason = "changed since it was trusted" if state == "changed" else "is not trusted"
        refused.append(f"{path}: {reason}; look at it, then: tokenpak rtk trust {path}")
        return
    try:
        filters += _load(data, path, origin)
    except ConfigError as error:
        refused.append(str(error))


def _load(data: bytes, path: Path, origin: str) -> list[Loaded]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8: {error}") from error
    found = [Loaded(spec, str(path), origin) for spec in read_filters(text, str(path))]
    for each in found:
        each.check()
    return found
