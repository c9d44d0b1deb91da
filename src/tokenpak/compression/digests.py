"""What stays of an old result: a marker, and the few lines that agents still come back to.

Of a build or a command the lines that speak of a problem, of a search or a listing the files, in
`ultra` of code its definitions and the lines that are about what the conversation is about now.
The lines stay as they were, in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tokenpak.canonical import Part
from tokenpak.compression import markers, relevance
from tokenpak.compression.ageing import Result, is_repeatable
from tokenpak.compression.cuts import tells_problem, words_of
from tokenpak.compression.known import Known
from tokenpak.compression.lines import read_lines
from tokenpak.compression.select import Plan
from tokenpak.excerpt import excerpt
from tokenpak.forms import FORMS
from tokenpak.processors.languages import language_of
from tokenpak.recovery import raw_path
from tokenpak.symbols import outline
from tokenpak.tokens import count

MAX_ALARMS = 300
"""Characters of problem lines that stay."""
MAX_PATHS = 300
"""Characters of file names that stay."""
SHARE = 0.15
"""Share of a text that may stay for its definitions and related lines, in characters."""
_MAX_OUTLINED = 400_000
"""Characters beyond which code is not read for its definitions: it would take too long."""
_WITH_ALARMS = frozenset({"build", "poll", "log", "shell", "forge", "other", "help", "web"})
_WITH_PATHS = frozenset({"search", "listing", "diff", "forge"})
_CODE = frozenset({"read", "view"})
# Only from the beginning of a word: from each character of one it would take quadratic time.
_PATH = re.compile(r"(?<![\w./@+~-])(?:[\w.@+~-]*/)+[\w.@+-]*\w")


@dataclass(frozen=True, slots=True)
class Digest:
    """The text that is sent in place of a result, and what has to be kept for its marker."""

    text: str
    whole: str | None


@dataclass(frozen=True, slots=True)
class _Read:
    """A result as its digest is made of it."""

    text: str
    lines: list[str]
    alarms: frozenset[int]
    names: list[str]


def digest(
    part: Part,
    result: Result,
    plan: Plan,
    known: Known,
    words: set[str] | None = None,
    *,
    outdated: bool = False,
) -> Digest:
    """What stays of *part*.

    *words* are those that the conversation used last, in modes that keep lines about them.
    *outdated* says that a file it shows was edited since.
    """
    if words is None:
        return known.once(
            (digest, part, outdated), lambda: _digest(part, result, plan, known, None, outdated)
        )
    return _digest(part, result, plan, known, words, outdated)


def _digest(
    part: Part, result: Result, plan: Plan, known: Known, words: set[str] | None, outdated: bool
) -> Digest:
    read = known.once((_Read, part), lambda: _read(part, result, plan))
    lines, sort = read.lines, result.sort
    kept = set(read.alarms)
    if words is not None:
        kept |= _telling(part, read, result, words, known)
    size = part.text.count("\n") + 1
    whole = part.text if plan.raw_folder is not None and sort != "read" else None
    path = None
    if whole:
        path = known.once((raw_path, whole), lambda: raw_path(plan.raw_folder or "", whole))
    how = _how(result, path, outdated)
    shown = [f"files: {', '.join(read.names)}"] if read.names else []
    shown += [lines[i] for i in sorted(kept)]
    marker = markers.aged(sort, size, len(kept), how)
    return Digest("\n".join([marker, *map(markers.neutralise, shown)]), whole)


def _read(part: Part, result: Result, plan: Plan) -> _Read:
    text, sort = _formed(part, plan), result.sort
    lines = text.split("\n")
    return _Read(
        text,
        lines,
        frozenset(_alarms(lines)) if sort in _WITH_ALARMS else frozenset(),
        list(_paths(text)) if sort in _WITH_PATHS else [],
    )


def piece(part: Part, result: Result, plan: Plan, max_tokens: int, known: Known) -> Digest:
    """The beginning of *part* in at most *max_tokens*, with the marker of a digest before it."""
    bare = digest(part, Result(result.number, result.sort), plan, known)
    marker = bare.text.partition("\n")[0]
    room = max_tokens - count(marker) - 1
    if room <= 0:
        return Digest(marker, bare.whole)
    beginning = excerpt(_formed(part, plan), room)
    return Digest(f"{marker}\n{markers.neutralise(beginning)}", bare.whole)


def _formed(part: Part, plan: Plan) -> str:
    text = part.text
    for name in plan.forms:
        text = FORMS[name].apply(text, part)
    return text


def _how(result: Result, path: str | None, outdated: bool) -> str:
    """How to get a result back, or why it is gone."""
    if path is not None:
        return f"whole text in {path}"
    if result.sort == "read":
        return f"{'edited since; ' if outdated else ''}read it again to see it"
    if is_repeatable(result.sort):
        return "run it again to see it"
    return "the context window was full"


def _alarms(lines: list[str]) -> Iterator[int]:
    """The first lines that speak of a problem, each once."""
    room, seen = MAX_ALARMS, set()
    for i, line in enumerate(lines):
        bare = line.strip()
        if bare in seen or len(bare) > room or not tells_problem(line):
            continue
        seen.add(bare)
        room -= len(line) + 1
        yield i


def _paths(text: str) -> Iterator[str]:
    """The files that *text* names, each once, in their order."""
    room, seen = MAX_PATHS, set()
    for match in _PATH.finditer(text):
        if match[0] not in seen and len(match[0]) <= room:
            seen.add(match[0])
            room -= len(match[0]) + 2
            yield match[0]


def _telling(part: Part, read: _Read, result: Result, words: set[str], known: Known) -> set[int]:
    """Definitions first, then the lines most about *words*, in SHARE of the text."""
    text, lines = read.text, read.lines
    defined: list[int] = []
    if result.sort in _CODE:
        defined = known.once((_definitions, part), lambda: _definitions(text, result.paths))
    spoken = known.once((words_of, part), lambda: [words_of(line) for line in lines])
    ranks = relevance.scores(spoken, words)
    related = sorted((i for i, rank in enumerate(ranks) if rank), key=lambda i: (-ranks[i], i))
    room = SHARE * len(text)
    return set(_fitting([*defined, *related], lines, room))


def _fitting(wanted: Iterable[int], lines: list[str], room: float) -> Iterator[int]:
    for i in wanted:
        if len(lines[i]) < room:
            room -= len(lines[i]) + 1
            yield i


def _definitions(text: str, paths: tuple[str, ...]) -> list[int]:
    """Lines of *text* that define something, if it shows one file in a known language."""
    endings = {path.rpartition(".")[2] for path in paths}
    language = language_of(endings.pop()) if len(endings) == 1 else None
    if language is None or len(text) > _MAX_OUTLINED:
        return []
    code = "\n".join(read_lines(text).lines)
    # By patterns, not by a grammar: the same lines whether or not the extra `code` is installed.
    found = outline(code, language, exact=False).symbols
    return sorted({symbol.line - 1 for symbol in found})
