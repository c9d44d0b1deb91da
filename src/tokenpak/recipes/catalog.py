"""Where recipes come from: a project's folder, if trusted, the user's, and the built-in ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from tokenpak.engines.rtk.trust import Trust
from tokenpak.errors import ConfigError
from tokenpak.recipes.reader import MAX_BYTES, read_recipe
from tokenpak.recipes.recipe import Recipe

Origin = Literal["project", "user", "built-in"]
FOLDER = "recipes"
"""In the user's home of TokenPak, and in `.tokenpak` of a project."""

_SUFFIX = ".yaml"


@dataclass(frozen=True, slots=True)
class Entry:
    """A recipe and where it was found."""

    recipe: Recipe
    origin: Origin
    path: str


@dataclass(frozen=True, slots=True)
class Found:
    """Recipes by name, in order of their names, and a line for every file that was not used."""

    entries: dict[str, Entry]
    refused: list[str] = field(default_factory=list)


def get_recipe(name: str, home: Path | None = None, project: Path | None = None) -> Recipe:
    """The recipe called *name*: of *project*, if trusted, of *home*, or a built-in one.

    Raises LookupError listing the known names if there is none, ConfigError if its file is wrong
    or not trusted.
    """
    return find(name, home, project).recipe


def find(name: str, home: Path | None = None, project: Path | None = None) -> Entry:
    """The same with its origin."""
    is_path = Path(name).name != name
    for origin, folder in reversed(_folders(home, project)):
        path = folder / (name + _SUFFIX)
        if path.is_file() and not is_path:
            return _read(path, origin, home)
    if name in built_in_names():
        return built_in(name)
    known = sorted({*built_in_names(), *(path.stem for _, path in _files(home, project))})
    raise LookupError(f"unknown recipe {name!r}; known: {', '.join(known)}")


def read_all(home: Path | None = None, project: Path | None = None) -> Found:
    """Every recipe there is; of one name that of the project counts, then the user's."""
    entries = {name: built_in(name) for name in built_in_names()}
    refused: list[str] = []
    for origin, path in _files(home, project):
        try:
            entries[path.stem] = _read(path, origin, home)
        except ConfigError as error:
            refused.append(str(error))
    return Found(dict(sorted(entries.items())), refused)


def read_file(path: Path) -> Recipe:
    """The recipe in *path*, whoever wrote it; raises ConfigError if it is no valid one."""
    return _parsed(_data(path), path)


def trust(path: Path, home: Path) -> Recipe:
    """Let the project's recipe file *path* be used as it is now.

    Raises ConfigError if it is no valid recipe.
    """
    data = _data(path)
    recipe = _parsed(data, path)
    Trust(home, FOLDER).remember(path, data)
    return recipe


@cache
def built_in_names() -> tuple[str, ...]:
    """The names of the recipes that TokenPak comes with, sorted."""
    names = (each.name for each in files("tokenpak.recipes").joinpath("oss").iterdir())
    return tuple(sorted(each.removesuffix(_SUFFIX) for each in names if each.endswith(_SUFFIX)))


@cache
def built_in(name: str) -> Entry:
    """One of them."""
    file = files("tokenpak.recipes").joinpath("oss", name + _SUFFIX)
    return Entry(read_recipe(file.read_text("utf-8"), f"oss/{name}.yaml"), "built-in", str(file))


def _folders(home: Path | None, project: Path | None) -> list[tuple[Origin, Path]]:
    """Where others than the built-in ones stand, the highest precedence last."""
    found: list[tuple[Origin, Path]] = []
    if home is not None:
        found.append(("user", home / FOLDER))
    if project is not None:
        found.append(("project", project / ".tokenpak" / FOLDER))
    return found


def _files(home: Path | None, project: Path | None) -> Iterator[tuple[Origin, Path]]:
    """Every file in those places, in the same order."""
    for origin, folder in _folders(home, project):
        yield from ((origin, path) for path in sorted(folder.glob("*" + _SUFFIX)))


def _read(path: Path, origin: Origin, home: Path | None) -> Entry:
    data = _data(path)
    if origin == "project":
        state = Trust(home, FOLDER).state(path, data) if home is not None else "unknown"
        if state != "trusted":
            reason = "changed since it was trusted" if state == "changed" else "is not trusted"
            raise ConfigError(
                f"{path}: {reason}; look at it, then: tokenpak template use {path} --apply"
            )
    return Entry(_parsed(data, path), origin, str(path))


def _data(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error


def _parsed(data: bytes, path: Path) -> Recipe:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8: {error}") from error
    recipe = read_recipe(text, str(path))
    if recipe.name != path.stem:
        raise ConfigError(f"{path}: name {recipe.name!r} is not that of the file, {path.stem!r}")
    return recipe
