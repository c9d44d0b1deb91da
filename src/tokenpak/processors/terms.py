"""Prose by its terms: the words that carry least go, as many as are asked for."""

from __future__ import annotations

import re
from functools import cache

from tokenpak.processors.cut import Cut, apply, not_longer
from tokenpak.tables import table

# Code, quotations, headings, tables and indented lines are passed over as a whole.
_PIECE = re.compile(
    r"```[\s\S]*?(?:```|\Z)|~~~[\s\S]*?(?:~~~|\Z)|`[^`\n]{1,2000}`|\"[^\"\n]{1,2000}\""
    r"|“[^”\n]{1,2000}”|«[^»\n]{1,2000}»|^(?: {4}|\t| {0,3}[|#])[^\n]*"
    r"|(?P<chunk>(?<!\S)[^\s`\"“«]+)",
    re.MULTILINE,
)
_WORD = re.compile(r"[('‘\[]{0,2}(?P<word>[^\W\d_]+)[.,;:!?)'’\]]{0,3}")
_ENOUGH = 0.05
"""Share of words that must be known before a text counts as one of a language."""


def tokens(text: str, ratio: float) -> str:
    """*text* with about *ratio* (0 to 1) of its words, the least informative gone.

    Only words without a meaning of their own go: articles, fillers, forms of to be, pronouns.
    Negations, duties, conditions, numbers, names, identifiers, quotations, code, tables and
    headings stay, so that a low ratio may not be reached. Line ends stay as they are, and so
    does a text in none of the languages of `fillers.yaml`.
    Raises ValueError unless *ratio* lies between 0 and 1.
    """
    if not 0 <= ratio <= 1:
        raise ValueError(f"ratio is {ratio}, expected 0 to 1")
    words = _words(text)
    tiers = _tiers_of(words)
    candidates = sorted((tiers[word], *place) for word, place in words if word in tiers)
    excess = max(0, len(words) - round(len(words) * ratio))
    # What hangs on a word (a comma, a bracket) stays; one of the two spaces goes with it.
    gone = [
        Cut(start, end + 1 if text[end : end + 1] == " " else end, "")
        for _, start, end in candidates[:excess]
    ]
    return not_longer(apply(text, gone), text)


def _words(text: str) -> list[tuple[str, tuple[int, int]]]:
    """The plain words of *text* and their places; those with a capital inside are names."""
    found = []
    opens = True
    for match in _PIECE.finditer(text):
        word = _WORD.fullmatch(match["chunk"]) if match["chunk"] else None
        if word is None:
            opens = False
            continue
        # "The" at the start of a sentence is the article, inside of it or before another capital
        # a part of a name.
        named = text[match.end() + 1 : match.end() + 2].isupper()
        plain = word["word"].islower() or (opens and not named and word["word"].istitle())
        at = match.start()
        place = (at + word.start("word"), at + word.end("word"))
        found.append((word["word"].lower() if plain else "", place))
        opens = match[0][-1] in ".!?"
    return found


def _tiers_of(words: list[tuple[str, tuple[int, int]]]) -> dict[str, int]:
    """The tiers of the language that knows most of *words*; empty if none knows enough."""
    languages = _languages()
    hits = {name: sum(1 for word, _ in words if word in tiers) for name, tiers in languages.items()}
    best = max(hits, key=lambda name: hits[name])
    return languages[best] if hits[best] >= max(1, len(words) * _ENOUGH) else {}


@cache
def _languages() -> dict[str, dict[str, int]]:
    """Language -> word -> tier, of the data file."""
    listed = table("tokenpak.processors", "fillers.yaml", dict[str, list[str]])
    return {
        name: {word: tier for tier, group in enumerate(groups) for word in group.split()}
        for name, groups in listed.items()
    }
