"""Definitions by patterns, and comments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.symbols.samples import SAMPLES
from tokenpak.symbols.patterns import comments, languages, read


@pytest.mark.parametrize("language", sorted(SAMPLES))
def test_finds_the_definitions_of_a_language(language: str) -> None:
    source, defined = SAMPLES[language]

    assert defined <= set(read(source, language).symbols)


@pytest.mark.parametrize("language", sorted(SAMPLES))
def test_a_condition_is_no_definition(language: str) -> None:
    found = {each.name for each in read(SAMPLES[language][0], language).symbols}

    assert found.isdisjoint({"if", "return", "for", "while"})


@pytest.mark.parametrize(
    ("language", "source", "noted"),
    [
        ("c", "/** Adds. */\nint x; // not this\n", "Adds."),
        ("rust", "/// Adds.\nfn x() {}\n", "Adds."),
        ("bash", "#!/bin/sh\n# Adds.\n", "Adds."),
        ("sql", "-- Adds.\nselect 1;\n", "Adds."),
    ],
)
def test_comments_of_their_own_lines_are_noted(language: str, source: str, noted: str) -> None:
    found = [line.strip() for line in comments("\n" + source, language).split("\n")]

    assert noted in found
    assert "not this" not in found


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize(
    "piece", ["a ", "(", "int a(", "public ", "def ", "<", "\n ", "x\t*", "const ", "fun a."]
)
@pytest.mark.timeout(20)  # Quadratic time would need minutes.
def test_hostile_text_is_read_to_its_end(language: str, piece: str) -> None:
    found = read(piece * 20_000 + "\n", language).symbols

    assert all(each.line >= 1 for each in found)


@given(st.sampled_from(sorted(languages())), st.text(alphabet="a({[;\"'\n </*#=:"))
def test_survives_any_text(language: str, text: str) -> None:
    for each in read(text, language).symbols:
        assert 1 <= each.line <= text.count("\n") + 1
