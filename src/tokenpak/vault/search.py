"""Search in the index: the files whose symbols, paths and notes fit a query best."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from tokenpak.symbols import Symbol
from tokenpak.vault import words
from tokenpak.vault.packed import unpack, unpacked_names
from tokenpak.vault.schema import open_for_search
from tokenpak.vault.spelling import Vocabulary

# bm25() weights of name, part, path, note; chosen by benchmarks/vault.py.
_WEIGHTS = "24.0, 9.0, 12.0, 5.0"
# Whoever asks for an identifier wants the file that defines it, however long that is.
_DEFINES = 30.0
_CANDIDATES = 40
_MAX_TERMS = 12
_SHOWN_SYMBOLS = 5
_IDENTIFIER = re.compile(r"\w+")
# Root, path, type, tokens, packed symbols, bm25 (lower fits better).
_Row: TypeAlias = tuple[str, str, str, int, bytes, float]


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
) -> list[Hit]:
    """The *top_k* files that fit *query* best, best first; at most those that fit at all.

    Raises StoreError if there is no index.
    """
    with closing(open_for_search(index_path)) as connection:
        return Searcher(connection).search(query, top_k, path_glob, file_type)


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
    ) -> list[Hit]:
        """See `search`. *path_glob* is matched with the relative path; `*` also spans folders."""
        wanted = self._terms(query)
        if not wanted or top_k < 1:
            return []
        where, given = _filters(path_glob, file_type)
        named = self._identifiers(query)
        matches = [(_match(wanted), max(_CANDIDATES, top_k))]
        if named:
            matches.append((f"name : ({_match(named)})", max(_CANDIDATES // 2, top_k)))
        statement = _QUERY.format(
            weights=_WEIGHTS, filtered=_FILTERED if where else "", where=where
        )
        rows: dict[tuple[str, str], _Row] = {}
        for match, most in matches:
            for row in self._connection.execute(statement, (match, *given, most)):
                rows.setdefault(row[:2], row)
        asked = frozenset((*_wholes(query), *(each.rstrip("*") for each in wanted)))
        return _ranked(list(rows.values()), asked, frozenset(named), query, top_k)

    def _identifiers(self, query: str) -> list[str]:
        """The words of *query* that are, or are meant to be, the name of a definition."""
        found = _IDENTIFIER.findall(query)
        several = [each for each in found if len(words.parts(each)) > 1]
        wholes = [words.whole(each) for each in (found if len(found) == 1 else several)]
        known = [
            each
            for whole in wholes
            for each in self._vocabulary.spelled(whole) or self._vocabulary.corrected(whole)
            if not each.endswith("*") or len(found) == 1
        ]
        if 1 < len(found) <= 4:
            # "count tokens" may mean count_tokens, or CountTokens.
            joined = (by.join(map(words.whole, found)) for by in ("_", ""))
            known += [each for each in joined if self._vocabulary.frequency(each)]
        return known

    def _terms(self, query: str) -> list[str]:
        """The words of *query* that tell files apart, as the index spells them."""
        terms: dict[str, None] = {}
        for word in _IDENTIFIER.findall(query):
            whole, pieces = words.whole(word), words.parts(word)
            if not whole or (whole in words.STOP_WORDS and len(query.split()) > 1):
                continue
            found = self._vocabulary.spelled(whole)
            found = found or self._vocabulary.corrected(whole)
            terms.update(dict.fromkeys(found))
            for piece in pieces if len(pieces) > 1 else ():
                if piece in words.STOP_WORDS:
                    continue
                spelled = self._vocabulary.spelled(piece)
                if not spelled and not found:
                    spelled = self._vocabulary.corrected(piece)
                terms.update(dict.fromkeys(spelled))
        return self._vocabulary.telling(list(terms), _MAX_TERMS)


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


def _wholes(query: str) -> list[str]:
    return [words.whole(each) for each in _IDENTIFIER.findall(query)]


def _ranked(
    rows: Sequence[_Row], asked: frozenset[str], named: frozenset[str], query: str, top_k: int
) -> list[Hit]:
    """*rows* in the order in which their words and the names that they define fit."""
    scored = []
    for row in rows:
        names = _asked_names(unpacked_names(row[4]), asked)
        best = max((_likeness(name, asked) for name in names), default=0.0)
        fit = -row[5] * (1 + best)
        if named and any(_words(name)[0] in named for name in names):
            fit += _DEFINES
            fit *= 1.2 if query.strip() in names else 1
        scored.append((-round(fit, 4), row[1], row[0], row))
    scored.sort(key=lambda each: each[:3])
    return [_hit(row, -score, asked) for score, _, _, row in scored[:top_k]]


def _hit(row: _Row, score: float, asked: frozenset[str]) -> Hit:
    root, path, file_type, tokens, packed, _ = row
    symbols, _ = unpack(packed)
    likely = [(_likeness(symbol.name, asked), symbol) for symbol in symbols]
    likely.sort(key=lambda each: -each[0])
    shown = tuple(symbol for likeness, symbol in likely[:_SHOWN_SYMBOLS] if likeness > 0)
    return Hit(path, root, score, file_type, tokens, shown)


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
    return words.whole(name), words.parts(name)


def _likeness(name: str, asked: frozenset[str]) -> float:
    """How much of *name* was asked for: 1 for the whole of it, else a share of its parts."""
    whole, pieces = _words(name)
    if whole in asked:
        return 1.0
    return 0.9 * len(asked.intersection(pieces)) / len(pieces) if pieces else 0.0
