"""Files of rules that users bring, YAML or JSON, read strictly: what is not known is refused."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import msgspec
import yaml

from tokenpak import strictyaml
from tokenpak.errors import ConfigError

MAX_BYTES = 1 << 20
SUFFIXES = (".yaml", ".yml", ".json")


def parse(text: str, path: str, what: str) -> Any:
    """The value of a file; raises ConfigError naming *path* if it is too large or cannot be read.

    *what* is what the file should be, with its article.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise ConfigError(f"{path}: {what} may have {MAX_BYTES} bytes at most")
    try:
        return json.loads(text) if path.endswith(".json") else strictyaml.load(text)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: cannot be read: {' '.join(str(error).split())}") from error


def keyed(value: object, known: Collection[str], where: str) -> dict[str, Any]:
    """*value*; raises ConfigError naming *where* unless it is an object of *known* keys alone."""
    if not isinstance(value, dict):
        raise ConfigError(f"{where} is {type(value).__name__}, expected an object")
    if unknown := sorted(map(str, value.keys() - known)):
        raise ConfigError(f"{where}: unknown key {unknown[0]!r}; known: {', '.join(sorted(known))}")
    return value


def schema(shape: type[msgspec.Struct], title: str) -> dict[str, Any]:
    """The JSON Schema of a file of *shape*."""
    return msgspec.json.schema(shape) | {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
    }
