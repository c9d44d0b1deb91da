"""The recipe in force for a request, read again when a file of it has changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tokenpak.errors import ConfigError
from tokenpak.recipes.catalog import FOLDER, find
from tokenpak.recipes.recipe import Recipe

_CHOICES = "projects.json"
_Stamp = tuple[tuple[str, int, int], ...]
_known: dict[tuple[str, Path, str | None], tuple[_Stamp, Recipe]] = {}


def in_force(name: str, home: Path, folder: str | None = None) -> Recipe:
    """The recipe *name* as it is now, for a conversation about the project in *folder*.

    Raises ConfigError if there is none, or its file is wrong or not trusted.
    """
    key = (name, home, folder)
    stamp = _stamp(name, home, folder)
    known = _known.get(key)
    if known is not None and known[0] == stamp:
        return known[1]
    try:
        recipe = find(name, home, Path(folder) if folder else None).recipe
    except LookupError as error:
        raise ConfigError(f"recipe: {error.args[0]}") from error
    if len(_known) > 200:
        _known.clear()
    _known[key] = (stamp, recipe)
    return recipe


def _stamp(name: str, home: Path, folder: str | None) -> _Stamp:
    """When the files that decide were changed."""
    paths = [home / FOLDER / f"{name}.yaml"]
    if folder:
        project = Path(folder, ".tokenpak", FOLDER)
        paths += [project / f"{name}.yaml", home / FOLDER / "trusted.json"]
    found = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(found)


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
    choices = dict(_choices(home))
    choices.pop(str(project), None)
    if name is not None:
        choices[str(project)] = name
    path = _choices_path(home)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(choices, indent=2) + "\n", "utf-8")
    temporary.replace(path)


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
