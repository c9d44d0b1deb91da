"""Sentences whose meaning hangs on a few words keep these words, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tokenpak.engines.caveman import built_in, detect, shorten
from tokenpak.engines.caveman.pack import INTENSITIES
from tokenpak.tokens import count

HERE = Path(__file__).parent
MEANING = yaml.safe_load((HERE / "meaning.yaml").read_text("utf-8"))
FILLER = yaml.safe_load((HERE / "filler_heavy.yaml").read_text("utf-8"))
PAIRS = [
    (language, *(part.strip() for part in line.rsplit(" | ", 1)))
    for language, lines in MEANING.items()
    for line in lines
]


def test_there_are_enough_pairs_of_every_language() -> None:
    assert len(PAIRS) >= 200
    assert sorted(MEANING) == sorted(each.language for each in built_in())
    assert min(len(lines) for lines in MEANING.values()) >= 15


@pytest.mark.parametrize(("language", "sentence", "words"), PAIRS)
def test_the_named_words_survive(language: str, sentence: str, words: str) -> None:
    for intensity in INTENSITIES:
        made = shorten(sentence, intensity=intensity, languages=[language]).text
        at = 0
        for word in words.split(", ") if "「" not in words and '"' not in words else [words]:
            found = made.lower().find(word.lower(), at)
            assert found >= 0, (intensity, word, made)
            at = found


@pytest.mark.parametrize("language", sorted(FILLER))
def test_filler_heavy_prompts_lose_a_quarter(language: str) -> None:
    raw = sum(count(each) for each in FILLER[language])
    made = [shorten(each).text for each in FILLER[language]]

    assert sum(map(count, made)) <= 0.75 * raw, made


@pytest.mark.parametrize("language", sorted(FILLER))
def test_prompts_are_taken_for_their_own_language(language: str) -> None:
    found = [detect(each, built_in()) for each in FILLER[language]]

    assert [each and each.language for each in found] == [language] * len(found)
