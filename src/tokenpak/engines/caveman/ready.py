"""A pack ready to run: phrases compiled and indexed by their first word (up to an apostrophe)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from tokenpak.engines.caveman.pack import INTENSITIES, Intensity, Pack, Rule
from tokenpak.engines.rtk.bounded import bounded
from tokenpak.engines.rtk.patterns import Compiled, expanded
from tokenpak.errors import ConfigError

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# A phrase ends where the word does: not before `/from`, `-driven`, `.py`, `()` or `=`.
_END = r"(?=[.,;:!?…)]*+(?:[\s\"”]|\Z))"
_FOLLOWS = r'[.,;:!?…)\s"”]'
_BLANK = re.compile(r" (?![*+?{])")
_GROUP = re.compile(r"\\([1-9])")
_LOOK_BEHIND = re.compile(r"\A(?:\(\?<[!=][^()]*\))+")
_LITERAL = re.compile(r"[^\W\d_]+(?=[ ',(.!\[-]|\Z)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of a rule: what `pattern` matches at a place gives way to `to`."""

    rule: str
    level: int
    to: str
    start_only: bool
    request_only: bool
    anywhere: bool
    at_risk: frozenset[str]
    pattern: re.Pattern[str]

    def replacement(self, match: re.Match[str]) -> str:
        if "\\" not in self.to:
            return self.to
        return _GROUP.sub(lambda group: match[int(group[1])] or "", self.to)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A rule of somebody else's pack: a pattern that is searched for, on a linear engine."""

    rule: str
    level: int
    pattern: Compiled
    to: str
    by_match: Mapping[str, str]

    def replacement(self, match: Any) -> str:
        found: str | None = self.by_match.get(match.group(0).lower().strip())
        return expanded(match, self.to) if found is None else found


class Described(Struct, frozen=True):
    """A rule in the listing of `GET /api/compression/rules`."""

    name: str
    category: str
    intensities: tuple[Intensity, ...]
    description: str
    language: str


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A pack with its phrases by first word, and by "" where words have no blanks.

    There *unspaced* finds the places where any of them may begin.
    """

    language: str
    script: str = "words"
    hints: frozenset[str] = frozenset()
    guards: frozenset[str] = frozenset()
    speaks: frozenset[str] = frozenset()
    commands: frozenset[str] = frozenset()
    described: tuple[Described, ...] = ()
    by_word: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    unspaced: re.Pattern[str] | None = None
    foreign: tuple[Foreign, ...] = ()


def ready(pack: Pack, path: str, trusted: bool) -> Ready:
    """*pack* with every phrase compiled; raises ConfigError naming *path* and the rule."""
    guards = frozenset(pack.guards.split())
    index: dict[str, list[Phrase]] = {}
    names: set[str] = set()
    for rule in pack.rules:
        where = f"{path}: rule {rule.name!r}"
        if rule.name in names:
            raise ConfigError(f"{where} stands there twice")
        names.add(rule.name)
        for find in (rule.find,) if isinstance(rule.find, str) else rule.find:
            phrase = _phrase(rule, find, guards, pack.script, where, trusted)
            words = _first_words(find, where) if pack.script == "words" else [""]
            for word in sorted(set(words)):
                index.setdefault(word, []).append(phrase)
    return Ready(
        pack.language,
        pack.script,
        frozenset(pack.hints.split()),
        guards,
        frozenset(pack.speaks.split()),
        frozenset(pack.commands.split()),
        tuple(_described(rule, pack.language) for rule in pack.rules),
        {word: tuple(found) for word, found in index.items()},
        any_of(index.get("", ())),
    )


def _phrase(
    rule: Rule, find: str, guards: frozenset[str], script: str, where: str, trusted: bool
) -> Phrase:
    # What looks behind has a fixed width.
    behind = found[0] if (found := _LOOK_BEHIND.match(find)) else ""
    source = behind + _BLANK.sub(" {1,3}", find[len(behind) :].replace("'", "['’]"))
    try:
        if not trusted:
            # Phrases need more than RE2 has: those of others run on `re` too, once they are safe.
            source = bounded(source, _FOLLOWS if script == "words" else "")
        pattern = re.compile(source + (_END if script == "words" else ""), re.IGNORECASE)
    except (re.error, ValueError, OverflowError, RecursionError) as error:
        raise ConfigError(f"{where}: {find!r} is no pattern: {error}") from error
    if pattern.match(""):
        raise ConfigError(f"{where}: {find!r} matches nothing at all; expected a phrase")
    if any(int(each) > pattern.groups for each in _GROUP.findall(rule.to)):
        raise ConfigError(f"{where}: `to` names a group that {find!r} does not have")
    kept = set() if script != "words" else {word.lower() for word in WORD.findall(rule.to)}
    # In scripts without blanks a guard may stand inside of the phrase.
    return Phrase(
        rule.name,
        INTENSITIES.index(rule.intensity),
        rule.to,
        rule.at == "start",
        rule.request,
        rule.anywhere,
        guards - frozenset(rule.drops.split()) - kept,
        pattern,
    )


def _described(rule: Rule, language: str) -> Described:
    first = rule.find if isinstance(rule.find, str) else rule.find[0]
    made = f"“{first}” becomes “{rule.to}”." if rule.to else f"“{first}” goes."
    intensities = INTENSITIES[INTENSITIES.index(rule.intensity) :]
    return Described(rule.name, rule.category, intensities, rule.description or made, language)


def _first_words(find: str, where: str) -> list[str]:
    """The words that *find* can begin with, in lower case."""
    find = _LOOK_BEHIND.sub("", find)
    if len(_alternatives(find)) > 1:
        raise ConfigError(f"{where}: {find!r} has a `|` outside of brackets; make it a list")
    if find.startswith("("):
        inside, rest = _group(find, where)
        if rest[:1] and rest[0] in "?*{":
            raise ConfigError(f"{where}: {find!r} must begin with a word that is always there")
        return [word for each in inside for word in _first_words(each, where)]
    match = _LITERAL.match(find)
    if match is None:
        raise ConfigError(f"{where}: {find!r} must begin with a whole word or a group of words")
    return [match[0].lower()]


def _group(find: str, where: str) -> tuple[list[str], str]:
    """The alternatives of the group at the start of *find*, and what follows it."""
    depth = 0
    for at, char in enumerate(find):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return _alternatives(find[1:at].removeprefix("?:")), find[at + 1 :]
    raise ConfigError(f"{where}: {find!r} has a bracket that is not closed")


def _alternatives(find: str) -> list[str]:
    """*find* cut at each `|` that stands in no bracket."""
    depth, parts = 0, [""]
    for char in find:
        depth += (char in "([") - (char in ")]")
        if char == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def any_of(phrases: Iterable[Phrase]) -> re.Pattern[str] | None:
    """What finds the places where any of *phrases* may begin; None if there are none."""
    sources = [f"(?:{each.pattern.pattern})" for each in phrases]
    return re.compile("|".join(sources), re.IGNORECASE) if sources else None
