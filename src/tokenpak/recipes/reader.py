"""Reading recipe files strictly: what is not known is refused, with its place and what is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

import msgspec
import yaml

from tokenpak import strictyaml
from tokenpak.errors import ConfigError
from tokenpak.recipes.directive import Content, Role, SegmentType, words
from tokenpak.recipes.documents import Format
from tokenpak.recipes.lines import Keep, Replace
from tokenpak.recipes.recipe import ACTIONS, Recipe

MAX_BYTES = 64 << 10


def read_recipe(text: str, path: str) -> Recipe:
    """The recipe of one file; *path* is named in errors.

    Raises ConfigError naming the place inside, what was found and what was expected.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise ConfigError(f"{path}: a recipe file may have {MAX_BYTES:,} bytes at most")
    try:
        if strictyaml.has_aliases(text):
            raise ConfigError(f"{path}: aliases (*name) are not allowed; write the value out")
        value = strictyaml.load(text)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: cannot be read: {' '.join(str(error).split())}") from error
    _check_keys(value, Recipe, path, "")
    listed = value.get("directives")
    for number, entry in enumerate(listed if isinstance(listed, list) else ()):
        _check_directive(entry, path, f"directives[{number}]")
    try:
        recipe = msgspec.convert(value, Recipe)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {_told(error)}") from error
    _check_sense(recipe, path)
    return recipe


def _check_directive(entry: object, path: str, where: str) -> None:
    action = entry.get("action") if isinstance(entry, dict) else None
    if isinstance(entry, dict) and not isinstance(action, str):
        raise ConfigError(f"{path}: {where} has no action; known: {_listed(ACTIONS)}")
    if isinstance(action, str) and action not in ACTIONS:
        raise ConfigError(
            f"{path}: {where}.action {action!r} is unknown; known: {_listed(ACTIONS)}"
        )
    _check_keys(entry, ACTIONS.get(str(action), Keep), path, where)


def _check_keys(entry: object, known: type[msgspec.Struct], path: str, where: str) -> None:
    if not isinstance(entry, dict):
        raise ConfigError(
            f"{path}: {where or 'a recipe'} is {_kind(entry)}, expected keys and values"
        )
    names = [*known.__struct_encode_fields__, *(["action"] if known is not Recipe else [])]
    for key in entry:
        if key not in names:
            place = f"{where}.{key}" if where else str(key)
            raise ConfigError(f"{path}: key {place!r} is unknown; known: {_listed(names)}")


def _check_sense(recipe: Recipe, path: str) -> None:
    for number, each in enumerate(recipe.directives):
        where = f"{path}: directives[{number}]"
        if "tool_call" in words(each.type) and not isinstance(each, Keep):
            raise ConfigError(f"{where}: a tool_call is always kept as it is; use action keep")
        if isinstance(each, Replace):
            try:
                each.compile()
            except ConfigError as error:
                raise ConfigError(f"{where}.{error}") from error


def _listed(names: Mapping[str, object] | list[str]) -> str:
    return ", ".join(sorted(names))


def _kind(value: object) -> str:
    names = {list: "a list", str: "a text", type(None): "empty", bool: "a truth value"}
    return names.get(type(value), "a number")


_CHOICES = {
    "type": get_args(SegmentType),
    "content": get_args(Content),
    "role": get_args(Role),
    "format": get_args(Format),
}
_PLACE = re.compile(r" - at `\$\.?(.*)`$")


def _told(error: msgspec.ValidationError) -> str:
    """`directives[2].ratio: Expected float, got str`."""
    said = str(error)
    place = _PLACE.search(said)
    if place is None or not place[1]:
        return said
    known = _CHOICES.get(place[1].rpartition(".")[2].partition("[")[0])
    wanted = f"; known: {_listed(list(known))}" if known and "enum" in said else ""
    return f"{place[1]}: {said[: place.start()]}{wanted}"


def schema() -> dict[str, Any]:
    """The JSON Schema of a recipe file."""
    # Encoded once, as its defaults are tuples otherwise.
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(msgspec.json.schema(Recipe)))
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    found["title"] = "A TokenPak recipe"
    return found
