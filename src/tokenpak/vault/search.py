"""Search in the index: the files whose symbols, paths and notes fit a query best."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from tokenpak.symbols import Symbol
from tokenpak.vault import words
from tokenpak.vault.packed import unpack, unpacked_texts
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
_MAX_TERMS = 12
_SHOWN_SYMBOLS = 5
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
        wanted = self._terms(query)
        if not wanted or top_k < 1:
            return []
        where, given = _filters(path_glob, file_type)
        named = self._identifiers(query)
        told = _told(query)
        # Who names a definition means that name.
        semantic = semantic and not named and len(told) >= _QUESTION
        most = max(_CANDIDATES_BY_MEANING if semantic else _CANDIDATES, top_k)
        matches = [(_match(wanted), most)]
        if named:
            matches.append((f"name : ({_match(named)})", max(_CANDIDATES // 2, top_k)))
        statement = _QUERY.format(
            weights=_WEIGHTS, filtered=_FILTERED if where else "", where=where
        )
        rows: dict[tuple[str, str], _Row] = {}
        for match, most in matches:
            for row in self._connection.execute(statement, (match, *given, most)):
                rows.setdefault(row[:2], row)
        asked = frozenset((*told, *(each.rstrip("*") for each in wanted)))
        scored = _scored(list(rows.values()), asked, frozenset(named), query)
        best = max((each.score for each in scored), default=0.0)
        _add_coverage(scored, best, self._weights(told))
        if semantic:
            _add_meaning(scored, best, told)
        scored.sort(key=lambda each: (-round(each.score, 4), each.row[1], each.row[0]))
        return [_hit(each.row, each.score, asked) for each in scored[:top_k]]

    def _weights(self, told: Sequence[str]) -> dict[str, float]:
        """Those of *told* that the index knows; the rarer a word, the more it weighs."""
        files = self._vocabulary.files()
        return {
            each: math.log(1 + files / found)
            for each in told
            if (found := self._vocabulary.frequency(each))
        }

    def _identifiers(self, query: str) -> list[str]:
        """The words of *query* that are, or are meant to be, the name of a definition."""
        found = IDENTIFIER.findall(query)
        several = [each for each in found if len(parts(each)) > 1]
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
        for word in IDENTIFIER.findall(query):
            whole, pieces = words.whole(word), parts(word)
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
    return [words.whole(each) for each in IDENTIFIER.findall(query)]


def _told(query: str) -> list[str]:
    """The words of *query* that mean something, each once."""
    found = dict.fromkeys(_wholes(query))
    return [each for each in found if each and each not in words.STOP_WORDS]


@dataclass(slots=True)
class _Scored:
    """A candidate, its score so far, and the words in which those of the query are looked for."""

    row: _Row
    score: float
    named: frozenset[str]
    noted: str


def _scored(
    rows: Sequence[_Row], asked: frozenset[str], named: frozenset[str], query: str
) -> list[_Scored]:
    """*rows* with how well their words, and the names that they define, fit."""
    scored = []
    for row in rows:
        names, noted = unpacked_texts(row[4])
        found = _asked_names(names, asked)
        best = max((_likeness(name, asked) for name in found), default=0.0)
        fit = -row[5] * (1 + best)
        if named and any(_words(name)[0] in named for name in found):
            fit += _DEFINES
            fit *= 1.2 if query.strip() in found else 1
        inside = _split(row[1]).union(*map(_split, found))
        scored.append(_Scored(row, fit, inside, noted))
    return scored


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
    root, path, file_type, tokens, packed, _ = row
    symbols, _ = unpack(packed)
    named = set(_asked_names("\n".join(each.name for each in symbols), asked))
    likely = [(_likeness(each.name, asked), each) for each in symbols if each.name in named]
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
