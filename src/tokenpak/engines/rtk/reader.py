"""Reading filter files strictly: YAML of ours or JSON of seed packs, unknown keys refused."""

from __future__ import annotations

from typing import Any

import msgspec

from tokenpak.engines import strict
from tokenpak.engines.rtk.seedpack import from_seed, is_seed
from tokenpak.engines.rtk.spec import Filter
from tokenpak.errors import ConfigError

_SAMPLES = "\nsamples:\n"


def read_filters(text: str, path: str, *, samples: bool = True) -> list[Filter]:
    """The filters of one file: one mapping, or a list of them.

    Raises ConfigError naming *path*, the key and what was expected. Without *samples* the part of
    the file behind `samples:` is not read.
    """
    if not samples and path.endswith((".yaml", ".yml")):
        text = text.partition(_SAMPLES)[0] + "\n"
    value = strict.parse(text, path, "a filter file")
    entries = value if isinstance(value, list) else _entries(value)
    return [_filter(entry, path, number) for number, entry in enumerate(entries)]


def _entries(value: Any) -> list[Any]:
    if isinstance(value, dict) and set(value) == {"filters"} and isinstance(value["filters"], list):
        return value["filters"]
    return [value]


def _filter(entry: Any, path: str, number: int) -> Filter:
    where = path if number == 0 else f"{path}[{number}]"
    if not isinstance(entry, dict):
        raise ConfigError(f"{where}: a filter is a mapping, this is {type(entry).__name__}")
    if is_seed(entry):
        entry = from_seed(entry, where)
    match = entry.get("match")
    if isinstance(match, dict) and "except" in match:
        entry = entry | {
            "match": {("except_" if k == "except" else k): v for k, v in match.items()}
        }
    try:
        return msgspec.convert(entry, Filter)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {str(error).replace('except_', 'except')}") from error


def schema() -> dict[str, Any]:
    """The JSON Schema of a filter file."""
    found = strict.schema(Filter, "A TokenPak filter")
    match = found["$defs"]["Match"]["properties"]
    match["except"] = match.pop("except_")
    return found
