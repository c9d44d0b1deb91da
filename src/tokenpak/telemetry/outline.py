"""A request as the ledger keeps it: digests of its tools, its system prompt and its messages."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from xxhash import xxh3_128_digest

from tokenpak.flow import Trail

_DATE = re.compile(
    rb"""\d{4}-\d\d?-\d\d?(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?
    | \d{1,2}[/.]\d{1,2}[/.]\d{2,4}
    | \b\d{1,2}:\d\d(?::\d\d)?(?:\s?[AaPp]\.?[Mm]\.?)?
    | (?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?
      (?:\d{1,2}(?:st|nd|rd|th)?\s+)?
      \b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?
      (?:\s+\d{1,2}(?:st|nd|rd|th)?)?,?\s+\d{4}
    | \b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b""",
    re.VERBOSE,
)
_NUMBER = re.compile(rb"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{6,}\b|\d+")

_KEPT = 64
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Tool:
    """The definition of one tool."""

    name: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class SystemPart:
    """One system prompt: as it is, without dates and times, and without any number or id."""

    digest: bytes
    undated: bytes
    unnumbered: bytes


@dataclass(frozen=True, slots=True)
class Outline:
    """One request. Message parts are numbered from the first one behind the system prompts."""

    tools: tuple[Tool, ...]
    system: tuple[SystemPart, ...]
    messages: tuple[bytes, ...]
    """The digest of each part of the conversation."""
    sent: Mapping[int, int]
    """A hash of what was sent in place of each changed part."""


class Outliner:
    """Makes outlines; definitions and system prompts seen before are not read again."""

    def __init__(self) -> None:
        self._tools: _Known[tuple[Tool, ...]] = _Known(_tools)
        self._system: _Known[SystemPart] = _Known(_system_part)

    def outline(self, trail: Trail) -> Outline:
        """The outline of the request of *trail*."""
        opening = len(trail.system)
        return Outline(
            tools=self._tools.of(trail.tools),
            system=tuple(self._system.of(each) for each in trail.system),
            messages=trail.digests[opening:],
            sent={number - opening: text for number, text in trail.sent.items()},
        )


class _Known(Generic[_Found]):
    """What was found in the texts used last, by their digests."""

    def __init__(self, find: Callable[[bytes], _Found]) -> None:
        self._find = find
        self._found: OrderedDict[bytes, _Found] = OrderedDict()

    def of(self, text: bytes) -> _Found:
        key = xxh3_128_digest(text)
        if key not in self._found:
            self._found[key] = self._find(text)
            if len(self._found) > _KEPT:
                self._found.popitem(last=False)
        self._found.move_to_end(key)
        return self._found[key]


def _tools(definitions: bytes) -> tuple[Tool, ...]:
    try:
        found = json.loads(definitions, strict=False) if definitions else []
    except (ValueError, RecursionError):
        return (Tool("", xxh3_128_digest(definitions)),)
    return tuple(tool for each in _listed(found) for tool in _defined(each))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _defined(definition: Any) -> list[Tool]:
    """The tools of one entry; Google's hold a list of functions."""
    if not isinstance(definition, dict):
        return [_tool("", definition)]
    for key in ("functionDeclarations", "function_declarations"):
        if isinstance(definition.get(key), list):
            return [tool for each in definition[key] for tool in _defined(each)]
    inner = definition.get("function") or definition.get("custom")
    named = inner if isinstance(inner, dict) else definition
    return [_tool(str(named.get("name") or named.get("type") or ""), definition)]


def _tool(name: str, definition: Any) -> Tool:
    return Tool(name, xxh3_128_digest(json.dumps(definition).encode()))


def _system_part(literal: bytes) -> SystemPart:
    undated = _DATE.sub(b"#", literal)
    return SystemPart(
        xxh3_128_digest(literal),
        xxh3_128_digest(undated),
        xxh3_128_digest(_NUMBER.sub(b"#", undated)),
    )
