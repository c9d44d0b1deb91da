"""The recipe in force for a request, read again when a file of it has changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from tokenpak import _atomic
from tokenpak._lock import held
from tokenpak.engines.own_sets import Stamp, stamp
from tokenpak.errors import ConfigError
from tokenpak.recipes.catalog import FOLDER, find
from tokenpak.recipes.recipe import Recipe

_CHOICES = "projects.json"


def in_force(name: str, home: Path, folder: str | None = None) -> Recipe:
    """The recipe *name* as it is now, for a conversation about the project in *folder*.

    Raises ConfigError if there is none, or its file is wrong or not trusted.
    """
    return _found(name, home, folder, stamp(_files(name, home, folder)))


@lru_cache(maxsize=200)
def _found(name: str, home: Path, folder: str | None, at: Stamp) -> Recipe:
    """The recipe by its files as they are *at* that time."""
    try:
        return find(name, home, Path(folder) if folder else None).recipe
    except LookupError as error:
        raise ConfigError(f"recipe: {error.args[0]}") from error


def _files(name: str, home: Path, folder: str | None) -> list[Path]:
    """The files that decide."""
    paths = [home / FOLDER / f"{name}.yaml"]
    if folder:
        project = Path(folder, ".tokenpak", FOLDER)
        paths += [project / f"{name}.yaml", home / FOLDER / "trusted.json"]
    return paths


def any_chosen(home: Path) -> bool:
    """Whether the user chose a recipe for any project."""
    return _choices_path(home).is_file()


@cache
def _choices_path(home: Path) -> Path:
    # Joining paths takes longer than asking for the file, and each request asks.
    return home / FOLDER / _CHOICES


def chosen(folder: str | None, home: Path) -> tuple[str, str] | None:
    """The recipe that the user chose for the project around *folder*, and where that begins."""
    if not folder:
        return None
    choices = _choices(home)
    for each in (Path(folder), *Path(folder).parents):
        if str(each) in choices:
            return choices[str(each)], str(each)
    return None


def choose(project: Path, name: str | None, home: Path) -> None:
    """Remember that *project* uses the recipe *name*; None forgets it."""
    path = _choices_path(home)
    with held(path):
        choices = dict(_choices(home))
        choices.pop(str(project), None)
        if name is not None:
            choices[str(project)] = name
        _atomic.write(path, f"{json.dumps(choices, indent=2)}\n".encode())


def _choices(home: Path) -> Mapping[str, str]:
    path = _choices_path(home)
    try:
        value = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}; remove it") from error
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise ConfigError(f"{path}: expected recipes by folder; remove it")
    return value
