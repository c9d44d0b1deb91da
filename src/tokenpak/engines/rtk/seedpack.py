"""JSON filter packs with `id`, `match.commands` and `rules`, read as filters of ours."""

from __future__ import annotations

from typing import Any

from tokenpak.errors import ConfigError

_TOP = frozenset(
    "id label description category priority match rules preserve tests name version enabled".split()
)
_MATCH = frozenset({"commands", "patterns", "outputTypes"})
_RULES = frozenset(
    "stripAnsi filterStderr replace matchOutput dropPatterns includePatterns collapsePatterns "
    "deduplicate truncateLineAt maxLines headLines tailLines onEmpty".split()
)
_PRESERVE = frozenset({"errorPatterns", "summaryPatterns"})
_CATEGORIES = {
    "git": "git",
    "test": "test",
    "build": "build",
    "shell": "shell",
    "docker": "docker",
    "package": "package",
    "infra": "infra",
    "cloud": "cloud",
    "generic": "generic",
}


def is_seed(entry: dict[str, Any]) -> bool:
    """Whether *entry* is written in the pack's own words."""
    match = entry.get("match")
    return "id" in entry and ("rules" in entry or (isinstance(match, dict) and "commands" in match))


def from_seed(entry: dict[str, Any], where: str) -> dict[str, Any]:
    """*entry* in the words of our language; raises ConfigError on a key that the pack has not."""
    match, rules = _part(entry, "match", where), _part(entry, "rules", where)
    preserve = _part(entry, "preserve", where)
    _known(entry, _TOP, where)
    _known(match, _MATCH, f"{where}: match")
    _known(rules, _RULES, f"{where}: rules")
    _known(preserve, _PRESERVE, f"{where}: preserve")
    most = rules.get("maxLines", 0)
    made: dict[str, Any] = {
        "name": entry["id"],
        "description": entry.get("description") or entry.get("label") or entry["id"],
        "category": _CATEGORIES.get(entry.get("category", "generic"), "generic"),
        "priority": entry.get("priority", 50),
        "match": {
            "command": match.get("commands", []),
            "output": match.get("patterns", []) if not match.get("commands") else [],
            "types": match.get("outputTypes", []),
        },
        "ansi": rules.get("stripAnsi", False),
        "stderr": rules.get("filterStderr", False),
        "replace": [_replace(each, where) for each in rules.get("replace", [])],
        "short": [_short(each, where) for each in rules.get("matchOutput", [])],
        "severity": [*preserve.get("errorPatterns", []), *preserve.get("summaryPatterns", [])],
        "drop": rules.get("dropPatterns", []),
        "keep": rules.get("includePatterns", []),
        "once": rules.get("collapsePatterns", []),
        "width": rules.get("truncateLineAt", 0),
        "lines": most,
        "head": rules.get("headLines", 20) if most else 0,
        "tail": rules.get("tailLines", 20) if most else 0,
        "empty": rules.get("onEmpty", ""),
        "samples": [_sample(each, where) for each in entry.get("tests", [])],
    }
    return made


def _part(entry: dict[str, Any], key: str, where: str) -> dict[str, Any]:
    value = entry.get(key, {})
    if not isinstance(value, dict):
        raise ConfigError(f"{where}: {key} is {type(value).__name__}, expected an object")
    return value


def _known(value: dict[str, Any], known: frozenset[str], where: str) -> None:
    if unknown := sorted(set(value) - known):
        raise ConfigError(f"{where}: unknown key {unknown[0]!r}; known: {', '.join(sorted(known))}")


def _replace(each: dict[str, Any], where: str) -> dict[str, Any]:
    _known(each, frozenset({"pattern", "replacement"}), f"{where}: rules.replace")
    by = each.get("replacement", "")
    # JavaScript writes a group as $1.
    for digit in "123456789":
        by = by.replace(f"${digit}", f"\\{digit}")
    return {"pattern": each["pattern"], "by": by}


def _short(each: dict[str, Any], where: str) -> dict[str, Any]:
    _known(each, frozenset({"pattern", "message", "unless"}), f"{where}: rules.matchOutput")
    made = {"when": each["pattern"], "say": each["message"].replace("\\", "\\\\")}
    return made | ({"unless": each["unless"]} if each.get("unless") else {})


def _sample(each: dict[str, Any], where: str) -> dict[str, Any]:
    _known(each, frozenset({"name", "input", "expected", "command"}), f"{where}: tests")
    # What a pack expects is not compared: the guarantees keep lines that its rules would drop.
    return {key: each[key] for key in ("name", "input", "command") if key in each}
