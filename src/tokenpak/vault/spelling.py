"""The words that the index knows: how frequent they are, what they begin, what was meant."""

from __future__ import annotations

import sqlite3
import string

# A word in more files than this tells little, and takes long to score.
_COMMON_SHARE = 0.10
_MAX_ROWS = 6_000
_MIN_PREFIX = 3
_MIN_CORRECTED = 4
_MAX_CORRECTED = 32
# More words with one beginning than this take longer to go through than slips to look up.
_FEW = 500
# Digits are seldom mistyped, and each letter more is a look-up for every place in the word.
_LETTERS = string.ascii_lowercase + "_"


class Vocabulary:
    """The vocabulary of one index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._frequencies: dict[str, int] = {}
        self._corrections: dict[str, list[str]] = {}
        self._files = -1
        self._at = -1

    def spelled(self, word: str) -> list[str]:
        """*word*, if the index has it; else `word*`, if it has words that begin with it; or []."""
        if self.frequency(word):
            return [word]
        if len(word) < _MIN_PREFIX:
            return []
        row = self._connection.execute(
            "SELECT term FROM vocabulary WHERE term >= ? ORDER BY term LIMIT 1", (word,)
        ).fetchone()
        return [f"{word}*"] if row is not None and row[0].startswith(word) else []

    def corrected(self, word: str) -> list[str]:
        """The most frequent words one slip (a letter) away from *word*."""
        if not _MIN_CORRECTED <= len(word) <= _MAX_CORRECTED:
            return []
        self._refresh()
        if word not in self._corrections:
            self._corrections[word] = self._near(word)
        return self._corrections[word]

    def _near(self, word: str) -> list[str]:
        # A slip lies near the beginning, and is looked up, or behind it: then the right word has
        # the same beginning, which few have.
        at = 4
        while at < len(word) and len(self._beginning(word[:at], _FEW)) == _FEW:
            at += 2
        early = sorted(_slips(word, 0, at + 1))
        marks = ",".join("?" * len(early))
        rows = self._connection.execute(
            f"SELECT term, doc FROM vocabulary WHERE term IN ({marks})", early
        ).fetchall()
        rows = list({*rows, *self._beginning(word[:at], _FEW)})
        slips = _slips(word, 0, len(word) + 1)
        rows = sorted((-number, term) for term, number in rows if term in slips)
        return [term for _, term in rows[:3]]

    def telling(self, terms: list[str], most: int) -> list[str]:
        """The *most* telling of *terms*: the rarest, as long as what they match stays scorable."""
        counted = sorted((self.frequency(each), place) for place, each in enumerate(terms))
        files = self.files()
        kept: list[str] = []
        rows = 0
        for frequency, place in counted[:most]:
            rows += frequency
            if kept and (frequency > max(50, files * _COMMON_SHARE) or rows > _MAX_ROWS):
                break
            kept.append(terms[place])
        return kept

    def files(self) -> int:
        """How many files the index has."""
        self._refresh()
        if self._files < 0:
            (self._files,) = self._connection.execute(
                "SELECT count(*) FROM terms_docsize"
            ).fetchone()
        return self._files

    def frequency(self, word: str) -> int:
        """In how many files *word* stands; for a prefix, those of its first words added up."""
        self._refresh()
        if word not in self._frequencies:
            if word.endswith("*"):
                number = sum(files for _, files in self._beginning(word[:-1], _FEW))
            else:
                number = self._connection.execute(
                    "SELECT coalesce(max(doc), 0) FROM vocabulary WHERE term = ?", (word,)
                ).fetchone()[0]
            self._frequencies[word] = number
        return self._frequencies[word]

    def _beginning(self, start: str, most: int) -> list[tuple[str, int]]:
        """Words that begin with *start*, and in how many files each stands; the first *most*."""
        return self._connection.execute(
            "SELECT term, doc FROM vocabulary WHERE term >= ? AND term < ? ORDER BY term LIMIT ?",
            (start, f"{start}\U0010ffff", most),
        ).fetchall()

    def _refresh(self) -> None:
        """Forget what was asked before, if another connection has written since."""
        (at,) = self._connection.execute("PRAGMA data_version").fetchone()
        if at != self._at:
            self._frequencies.clear()
            self._corrections.clear()
            self._files = -1
            self._at = at


def _slips(word: str, first: int, end: int) -> set[str]:
    """Every word that is one slip away from *word*, made at one of the places *first* to *end*."""
    halves = [(word[:at], word[at:]) for at in range(first, end)]
    found = {a + b[1:] for a, b in halves if b}
    found |= {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    found |= {a + letter + b[1:] for a, b in halves if b for letter in _LETTERS}
    found |= {a + letter + b for a, b in halves for letter in _LETTERS}
    return found - {word}
