"""Which tokenizer a model has: an encoding that is public, or a family with measured factors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files

import msgspec

from tokenpak.tokens.encodings import EncodingName

# Vendor and region prefixes (`models/`, `anthropic/`, `us.anthropic.`), then what marks a release
# or a variant of the same model: `-20250929`, `-2025-08-07`, `@20250929`, `-v1:0`, `[1m]`.
_PREFIX = re.compile(r"^.*/|^(?:[a-z]{2,6}\.)?(?:anthropic|openai|google|amazon)\.")
_SUFFIX = re.compile(r"(?:\[[^\]]*\]|[-@]\d{8}|-\d{4}-\d{2}-\d{2}|-v\d+(?::\d+)?|-latest)$")


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Models that share a tokenizer which is not public; `factors` are tokens per o200k token."""

    name: str
    match: tuple[str, ...]
    factors: dict[str, float]
    source: str


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    encodings: dict[EncodingName, tuple[str, ...]]
    families: tuple[Family, ...]


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """How to count for a model: exactly in `encoding`, or as o200k times a factor of `family`.

    Both None: the model is not known, and o200k is the best guess.
    """

    encoding: EncodingName | None = None
    family: Family | None = None


@lru_cache(maxsize=256)
def bare(model: str) -> str:
    """*model* in lower case, without vendor, region, release date and variant."""
    name = _PREFIX.sub("", model.strip().lower())
    while (shorter := _SUFFIX.sub("", name)) != name:
        name = shorter
    return name


@lru_cache(maxsize=256)
def tokenizer(model: str) -> Tokenizer:
    """The tokenizer of *model* by the table `data/tokenizers.json`; first match wins."""
    name = bare(model)
    for encoding, patterns in _table().encodings.items():
        if any(fnmatchcase(name, pattern) for pattern in patterns):
            return Tokenizer(encoding=encoding)
    for family in _table().families:
        if any(fnmatchcase(name, pattern) for pattern in family.match):
            return Tokenizer(family=family)
    return Tokenizer()


@lru_cache(maxsize=1)
def _table() -> _Table:
    data = (files("tokenpak") / "data" / "tokenizers.json").read_bytes()
    return msgspec.json.decode(data, type=_Table)
