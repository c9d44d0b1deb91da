"""JSON filter packs with `id`, `match.commands` and `rules`, read as filters of ours."""

from __future__ import annotations

import re
from typing import Any

from tokenpak.engines.strict import keyed
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
_CATEGORIES = ("git", "test", "build", "shell", "docker", "package", "infra", "cloud", "generic")
_REPLACE = frozenset({"pattern", "replacement"})
_SHORT = frozenset({"pattern", "message", "unless"})
_SAMPLE = frozenset({"name", "input", "expected", "command"})


def is_seed(entry: dict[str, Any]) -> bool:
    """Whether *entry* is written in the pack's own words."""
    match = entry.get("match")
    return "id" in entry and ("rules" in entry or (isinstance(match, dict) and "commands" in match))


def from_seed(entry: dict[str, Any], where: str) -> dict[str, Any]:
    """*entry* in the words of our language; raises ConfigError on a key that the pack has not."""
    keyed(entry, _TOP, where)
    match = keyed(entry.get("match", {}), _MATCH, f"{where}: match")
    rules = keyed(entry.get("rules", {}), _RULES, f"{where}: rules")
    preserve = keyed(entry.get("preserve", {}), _PRESERVE, f"{where}: preserve")
    category = entry.get("category", "generic")
    most = rules.get("maxLines", 0)
    return {
        "name": entry["id"],
        "description": entry.get("description") or entry.get("label") or entry["id"],
        "category": category if category in _CATEGORIES else "generic",
        "priority": entry.get("priority", 50),
        "match": {
            "command": match.get("commands", []),
            "output": match.get("patterns", []) if not match.get("commands") else [],
            "types": match.get("outputTypes", []),
        },
        "ansi": rules.get("stripAnsi", False),
        "stderr": rules.get("filterStderr", False),
        "replace": [_replace(each, where) for each in _listed(rules, "replace", where)],
        "short": [_short(each, where) for each in _listed(rules, "matchOutput", where)],
        "severity": [
            *_listed(preserve, "errorPatterns", where),
            *_listed(preserve, "summaryPatterns", where),
        ],
        "drop": rules.get("dropPatterns", []),
        "keep": rules.get("includePatterns", []),
        "once": rules.get("collapsePatterns", []),
        "width": rules.get("truncateLineAt", 0),
        "lines": most,
        "head": rules.get("headLines", 20) if most else 0,
        "tail": rules.get("tailLines", 20) if most else 0,
        "empty": rules.get("onEmpty", ""),
        "samples": [_sample(each, where) for each in _listed(entry, "tests", where)],
    }


def _listed(value: dict[str, Any], key: str, where: str) -> list[Any]:
    found = value.get(key, [])
    if not isinstance(found, list):
        raise ConfigError(f"{where}: {key} is {type(found).__name__}, expected a list")
    return found


def _replace(each: object, where: str) -> dict[str, Any]:
    rule = keyed(each, _REPLACE, f"{where}: rules.replace")
    # JavaScript writes a group as $1.
    by = re.sub(r"\$([1-9])", r"\\\1", str(rule.get("replacement", "")))
    return {"pattern": rule.get("pattern"), "by": by}


def _short(each: object, where: str) -> dict[str, Any]:
    rule = keyed(each, _SHORT, f"{where}: rules.matchOutput")
    say = str(rule.get("message", "")).replace("\\", "\\\\")
    return {"when": rule.get("pattern"), "say": say, "unless": rule.get("unless") or None}


def _sample(each: object, where: str) -> dict[str, Any]:
    sample = keyed(each, _SAMPLE, f"{where}: tests")
    # What a pack expects is not compared: the guarantees keep lines that its rules would drop.
    return {key: sample[key] for key in ("name", "input", "command") if key in sample}
