"""Search in the index: the files whose symbols, paths and notes fit a query best."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from tokenpak.symbols import Symbol
from tokenpak.vault import words
from tokenpak.vault.packed import unpack, unpacked_texts
from tokenpak.vault.query import Query, understood
from tokenpak.vault.schema import open_for_search
from tokenpak.vault.spelling import Vocabulary
from tokenpak.words import IDENTIFIER, parts

# bm25() weights of name, part, path, note; chosen by benchmarks/vault.py.
_WEIGHTS = "24.0, 9.0, 12.0, 5.0"
# Whoever asks for an identifier wants the file that defines it, however long that is.
_DEFINES = 30.0
_CANDIDATES = 40
_CANDIDATES_BY_MEANING = 100
# As many words as these are a question; fewer are names, or parts of names.
_QUESTION = 3
# What comes first in a file says what it is about.
_NOTED = 400
_SHOWN_SYMBOLS = 5


class _Row(NamedTuple):
    """What the index gives for a file; a lower `bm25` fits better."""

    root: str
    path: str
    file_type: str
    tokens: int
    packed: bytes
    bm25: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A file that fits; a higher `score` fits better. `path` is relative to `root`."""

    path: str
    root: str
    score: float
    file_type: str
    tokens: int
    symbols: tuple[Symbol, ...]


def search(
    index_path: Path,
    query: str,
    top_k: int = 10,
    path_glob: str | None = None,
    file_type: str | None = None,
    semantic: bool = False,
) -> list[Hit]:
    """The *top_k* files that fit *query* best, best first; at most those that fit at all.

    *path_glob* is matched with the path below the indexed folder; `*` also spans folders.
    *semantic* ranks the candidates of a question by its meaning, too.
    Raises StoreError if there is no index.
    """
    with closing(open_for_search(index_path)) as connection:
        return Searcher(connection).search(query, top_k, path_glob, file_type, semantic)


class Searcher:
    """Search over one connection, for callers that ask often."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._vocabulary = Vocabulary(connection)

    def search(
        self,
        query: str,
        top_k: int = 10,
        path_glob: str | None = None,
        file_type: str | None = None,
        semantic: bool = False,
    ) -> list[Hit]:
        """See `search`."""
        asked = understood(query, self._vocabulary)
        if not asked.terms or top_k < 1:
            return []
        # Who names a definition means that name.
        semantic = semantic and not asked.named and len(asked.told) >= _QUESTION
        most = max(_CANDIDATES_BY_MEANING if semantic else _CANDIDATES, top_k)
        matches = {_match(asked.terms): most}
        if asked.named:
            matches[f"name : ({_match(asked.named)})"] = max(_CANDIDATES // 2, top_k)
        scored = [_scored(row, asked) for row in self._rows(matches, path_glob, file_type)]
        best = max((each.score for each in scored), default=0.0)
        _add_coverage(scored, best, asked.weights)
        if semantic:
            _add_meaning(scored, best, asked.told)
        scored.sort(key=lambda each: (-round(each.score, 4), each.row.path, each.row.root))
        return [_hit(each.row, each.score, asked.words) for each in scored[:top_k]]

    def _rows(
        self, matches: Mapping[str, int], path_glob: str | None, file_type: str | None
    ) -> Iterable[_Row]:
        """The files that fit best, for each of *matches* as many as it says; none twice."""
        where, given = _filters(path_glob, file_type)
        statement = _QUERY.format(
            weights=_WEIGHTS, filtered=_FILTERED if where else "", where=where
        )
        found: dict[tuple[str, str], _Row] = {}
        for match, most in matches.items():
            for row in map(_Row._make, self._connection.execute(statement, (match, *given, most))):
                found.setdefault((row.root, row.path), row)
        return found.values()


_QUERY = """
SELECT roots.path, files.path, files.file_type, files.tokens, files.symbols, fit
FROM (
    SELECT terms.rowid AS id, bm25(terms, {weights}) AS fit
    FROM terms{filtered} WHERE terms MATCH ?{where} ORDER BY fit LIMIT ?
) AS fitting
JOIN files ON files.id = fitting.id JOIN roots ON roots.id = files.root
"""
_FILTERED = " JOIN files ON files.id = terms.rowid"


def _filters(path_glob: str | None, file_type: str | None) -> tuple[str, list[str]]:
    where, given = "", []
    if path_glob is not None:
        where += " AND files.path GLOB ?"
        given.append(path_glob)
    if file_type is not None:
        where += " AND files.file_type = ?"
        given.append(file_type)
    return where, given


def _match(terms: Sequence[str]) -> str:
    return " OR ".join(f'"{each.rstrip("*")}"{"*" if each.endswith("*") else ""}' for each in terms)


@dataclass(slots=True)
class _Scored:
    """A candidate, its score so far, and the words in which those of the query are looked for."""

    row: _Row
    score: float
    named: frozenset[str]
    noted: str


def _scored(row: _Row, query: Query) -> _Scored:
    """*row* with how well its words, and the names that it defines, fit."""
    names, noted = unpacked_texts(row.packed)
    found = _asked_names(names, query.words)
    best = max((_likeness(name, query.words) for name in found), default=0.0)
    fit = -row.bm25 * (1 + best)
    if any(_words(name)[0] in query.named for name in found):
        fit += _DEFINES
        fit *= 1.2 if query.text.strip() in found else 1
    return _Scored(row, fit, _split(row.path).union(*map(_split, found)), noted)


def _add_coverage(scored: Sequence[_Scored], best: float, weights: Mapping[str, float]) -> None:
    """Prefer files that hold more of what was asked for to those that repeat one word of it.

    bm25() adds up every column for itself and knows only the most telling words. *best* is the
    highest score so far: to hold all words is worth as much.
    """
    whole = sum(weights.values())
    for each in scored if len(weights) > 1 else ():
        noted = f" {each.noted} "
        held = (n for word, n in weights.items() if word in each.named or f" {word} " in noted)
        each.score += best * sum(held) / whole


def _add_meaning(scored: Sequence[_Scored], best: float, told: Sequence[str]) -> None:
    """Prefer files whose notes are about what was asked, in whatever words."""
    from tokenpak.vault.meaning import load

    notes = [each.noted.split(" ", _NOTED)[:_NOTED] for each in scored]
    for each, closeness in zip(scored, load().closeness(told, notes), strict=True):
        each.score += best * closeness


def _hit(row: _Row, score: float, asked: frozenset[str]) -> Hit:
    symbols, _ = unpack(row.packed)
    named = set(_asked_names("\n".join(each.name for each in symbols), asked))
    likely = [(_likeness(each.name, asked), each) for each in symbols if each.name in named]
    likely.sort(key=lambda each: -each[0])
    shown = tuple(symbol for likeness, symbol in likely[:_SHOWN_SYMBOLS] if likeness > 0)
    return Hit(row.path, row.root, score, row.file_type, row.tokens, shown)


def _asked_names(names: str, asked: frozenset[str]) -> list[str]:
    """Those of *names*, one a line, that hold one of the *asked* words."""
    folded = names.lower()
    if len(folded) != len(names):
        return names.split("\n")
    found: dict[str, None] = {}
    for word in asked:
        at = folded.find(word) if word else -1
        while at >= 0:
            end = folded.find("\n", at) % (len(folded) + 1)
            found[names[folded.rfind("\n", 0, at) + 1 : end]] = None
            at = folded.find(word, end)
    return list(found)


@lru_cache(maxsize=50_000)
def _words(name: str) -> tuple[str, tuple[str, ...]]:
    return words.whole(name), parts(name)


@lru_cache(maxsize=50_000)
def _split(text: str) -> frozenset[str]:
    """The words of a name or path, whole and by their parts."""
    return frozenset(
        word for each in IDENTIFIER.findall(text) for word in (words.whole(each), *parts(each))
    )


def _likeness(name: str, asked: frozenset[str]) -> float:
    """How much of *name* was asked for: 1 for the whole of it, else a share of its parts."""
    whole, pieces = _words(name)
    if whole in asked:
        return 1.0
    return 0.9 * len(asked.intersection(pieces)) / len(pieces) if pieces else 0.0
