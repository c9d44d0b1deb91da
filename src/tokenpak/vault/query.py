"""What a query asks for, in words that the index knows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tokenpak.vault import words
from tokenpak.vault.spelling import Vocabulary
from tokenpak.words import IDENTIFIER, parts

_MAX_TERMS = 12


@dataclass(frozen=True, slots=True)
class Query:
    """A query, understood; `word*` stands for what begins so."""

    text: str
    terms: Sequence[str]
    """The words that tell files apart, as the index spells them."""
    named: Sequence[str]
    """Those that are, or are meant to be, the name of a definition."""
    told: Sequence[str]
    """The words that mean something, as they were written, each once."""
    weights: Mapping[str, float]
    """Of these the ones that the index knows; the rarer a word, the more it weighs."""
    words: frozenset[str]
    """All that is asked for, written or meant."""


def understood(text: str, vocabulary: Vocabulary) -> Query:
    """What *text* asks for."""
    found = IDENTIFIER.findall(text)
    told = [each for each in dict.fromkeys(map(words.whole, found)) if _tells(each)]
    files = vocabulary.files()
    weights = {
        each: math.log(1 + files / known) for each in told if (known := vocabulary.frequency(each))
    }
    terms = _terms(text, vocabulary)
    asked = frozenset((*told, *(each.rstrip("*") for each in terms)))
    return Query(text, terms, _named(found, vocabulary), told, weights, asked)


def _tells(whole: str) -> bool:
    return whole != "" and whole not in words.STOP_WORDS


def _named(found: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    several = [each for each in found if len(parts(each)) > 1]
    wholes = [words.whole(each) for each in (found if len(found) == 1 else several)]
    known = [
        each
        for whole in wholes
        for each in vocabulary.spelled(whole) or vocabulary.corrected(whole)
        if not each.endswith("*") or len(found) == 1
    ]
    if 1 < len(found) <= 4:
        # "count tokens" may mean count_tokens, or CountTokens.
        joined = (by.join(map(words.whole, found)) for by in ("_", ""))
        known += [each for each in joined if vocabulary.frequency(each)]
    return known


def _terms(text: str, vocabulary: Vocabulary) -> list[str]:
    terms: dict[str, None] = {}
    for word in IDENTIFIER.findall(text):
        whole, pieces = words.whole(word), parts(word)
        if not whole or (whole in words.STOP_WORDS and len(text.split()) > 1):
            continue
        spelled = vocabulary.spelled(whole) or vocabulary.corrected(whole)
        terms.update(dict.fromkeys(spelled))
        for piece in pieces if len(pieces) > 1 else ():
            if piece in words.STOP_WORDS:
                continue
            known = vocabulary.spelled(piece)
            if not known and not spelled:
                known = vocabulary.corrected(piece)
            terms.update(dict.fromkeys(known))
    return vocabulary.telling(list(terms), _MAX_TERMS)
