"""Reading rule packs strictly: YAML of ours or JSON rule packs of seed 004's shape."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from tokenpak.engines import strict
from tokenpak.engines.caveman.pack import INTENSITIES, Pack
from tokenpak.engines.caveman.ready import Described, Foreign, Ready, ready
from tokenpak.engines.rtk.patterns import compiled
from tokenpak.errors import ConfigError

_SEED_TOP = frozenset({"language", "category", "rules", "$schema", "version", "description"})
_SEED_RULE = frozenset(
    "name pattern replacement replacementMap flags context category minIntensity description"
    .split()
)  # fmt: skip
_CONTEXTS = ("all", "user", "system", "assistant")


def read_pack(text: str, path: str, *, trusted: bool = False) -> Ready:
    """The pack of one file, ready to run.

    Raises ConfigError naming *path*, the key and what was expected. Only *trusted* patterns, our
    own, may use all of Python's syntax; those of others are read in linear time or refused.
    """
    value = strict.parse(text, path, "a rule pack")
    if not isinstance(value, dict):
        raise ConfigError(f"{path}: a rule pack is a mapping, this is {type(value).__name__}")
    if _is_seed(value):
        return _seed(value, path)
    try:
        pack = msgspec.convert(value, Pack)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {error}") from error
    return ready(pack, path, trusted)


def read_folder(folder: Path) -> list[Ready]:
    """Every pack `*.yaml`, `*.yml` and `*.json` below *folder*, ordered by path.

    Raises ConfigError if the folder is missing or a file is not a pack.
    """
    if not folder.is_dir():
        raise ConfigError(f"{folder}: expected a folder of rule packs (*.yaml, *.json)")
    return [read_pack(each.read_text("utf-8"), str(each)) for each in pack_files(folder)]


def pack_files(folder: Path) -> list[Path]:
    """The files that `read_folder` reads; none if *folder* is missing."""
    return sorted(
        each for each in folder.rglob("*")
        if each.suffix in strict.SUFFIXES and not each.name.startswith("_")
    )  # fmt: skip


def _is_seed(value: dict[str, Any]) -> bool:
    """Whether *value* is written in seed 004's words."""
    rules = value.get("rules")
    return isinstance(rules, list) and (
        "category" in value or any(isinstance(r, dict) and "pattern" in r for r in rules)
    )


def _seed(value: dict[str, Any], path: str) -> Ready:
    strict.keyed(value, _SEED_TOP, path)
    language = value.get("language")
    if not isinstance(language, str):
        raise ConfigError(f"{path}: language is {language!r}, expected a key such as 'en'")
    found, told = [], []
    for number, entry in enumerate(value["rules"]):
        where = f"{path}: rules[{number}]"
        rule = _seed_rule(strict.keyed(entry, _SEED_RULE, where), where, path)
        category = str(entry.get("category", value.get("category", "filler")))
        about = str(entry.get("description", ""))
        told.append(Described(rule.rule, category, INTENSITIES[rule.level :], about, language))
        found.append(rule)
    return Ready(language, described=tuple(told), foreign=tuple(found))


def _seed_rule(rule: dict[str, Any], where: str, path: str) -> Foreign:
    for key in ("name", "pattern"):
        if not isinstance(rule.get(key), str) or not rule[key]:
            raise ConfigError(f"{where}.{key} is {rule.get(key)!r}, expected a string")
    replacements = rule.get("replacementMap", {})
    if not isinstance(replacements, dict) or not all(
        isinstance(each, str) for each in replacements.values()
    ):
        raise ConfigError(f"{where}.replacementMap: expected an object of strings")
    to = rule.get("replacement", "")
    if not isinstance(to, str):
        raise ConfigError(f"{where}.replacement is {to!r}, expected a string")
    intensity = rule.get("minIntensity", "lite")
    if intensity not in INTENSITIES:
        raise ConfigError(
            f"{where}.minIntensity {intensity!r} is unknown; known: {', '.join(INTENSITIES)}"
        )
    if rule.get("context", "all") not in _CONTEXTS:
        raise ConfigError(
            f"{where}.context {rule['context']!r} is unknown; known: {', '.join(_CONTEXTS)}"
        )
    flags = rule.get("flags", "g")
    if not isinstance(flags, str) or set(flags) - set("gimu"):
        raise ConfigError(f"{where}.flags {flags!r}: known are g, i, m, u")
    inline = "".join(each for each in "im" if each in flags)
    pattern = (f"(?{inline})" if inline else "") + _python(rule["pattern"])
    return Foreign(
        rule["name"],
        INTENSITIES.index(intensity),
        compiled([pattern], f"{path}: rule {rule['name']!r}", False)[0],
        re.sub(r"\$(\d)", r"\\\1", to.replace("\\", "\\\\")),
        {key.lower().strip(): each for key, each in replacements.items()},
    )


def _python(pattern: str) -> str:
    """A JavaScript pattern in the syntax that `re` and RE2 share."""
    return pattern.replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!")
