from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.processors.terms import tokens

PROSE = "The cache is really a very simple store that we keep in the memory of the process. "


def test_the_least_words_go_first() -> None:
    assert (
        tokens("Please keep it, the cache is really a store.", 0.7) == "keep it, cache is a store."
    )


def test_the_ratio_says_how_many_words_stay() -> None:
    sizes = [len(tokens(PROSE * 20, ratio).split()) for ratio in (1, 0.9, 0.7)]

    assert sizes == [340, 306, 238]


@pytest.mark.parametrize(
    "kept",
    [
        "You must not delete it unless it is older than 30 days.",
        "Never log the passwords.",
        "`the a is`",
        '"the a is"',
        "“the a is”",
        "```\nthe a is\n```",
        "# The a is",
        "| the | a |",
        "    the a is",
        "https://example.com/the/a",
        "the_a",
        "The Who",
        "IT",
        "only if at most 5 of them fail",
        "first, then last, all, none, more, less, before, after, maybe, probably",
    ],
)
def test_what_carries_meaning_stays(kept: str) -> None:
    short = tokens(f"{PROSE * 3}\n{kept}\n", 0)

    words = re.findall(r"[\w`\"“”|/#]+", kept)
    little = {"the", "a", "is", "it", "them", "You"}
    code = kept[0] in '`"“#| h'
    assert all(word in short for word in words if code or word not in little)


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("en", "The men die in the night and the war is as long as it was.", "die"),
        ("de", "Die Datei ist nicht in dem Ordner, der Server hat die Frist.", "nicht"),
        ("fr", "Il ne faut pas effacer le fichier dans la base.", "ne faut pas"),
        ("es", "El archivo no es de los usuarios, nunca la base.", "no"),
    ],
)
def test_words_are_those_of_the_text_s_own_language(language: str, text: str, word: str) -> None:
    short = tokens(text, 0)

    assert word in short
    assert len(short) < len(text)


@pytest.mark.parametrize("text", ["これはテストです。", "x = the(a)", "", "ERROR 5 a1 b2"])
def test_other_text_stays(text: str) -> None:
    assert tokens(text, 0) == text


@given(st.lists(st.sampled_from(["the ", "no ", "5 ", "`a ", '"', "\n", "a. ", "The ", "x_y "])))
def test_nothing_is_added_and_lines_stay(pieces: list[str]) -> None:
    text = "".join(pieces)
    short = tokens(text, 0.2)
    rest = iter(text)

    assert all(sign in rest for sign in short)
    assert short.count("\n") == text.count("\n")
    assert short.count("no ") == text.count("no ")


@pytest.mark.parametrize("ratio", [-0.1, 1.1])
def test_a_ratio_is_a_share(ratio: float) -> None:
    with pytest.raises(ValueError, match="expected 0 to 1"):
        tokens("a", ratio)
