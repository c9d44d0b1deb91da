"""Definitions by tree-sitter."""

from __future__ import annotations

import sys

import pytest

from tests.symbols.samples import SAMPLES
from tokenpak.symbols import grammars


@pytest.mark.parametrize("language", sorted(SAMPLES.keys() & grammars.PREFERRED))
def test_finds_the_definitions_of_a_language(language: str) -> None:
    source, defined = SAMPLES[language]
    found = grammars.read(source, language)

    assert found is not None
    assert {(name, line) for name, _, line in defined} <= {(s.name, s.line) for s in found}


@pytest.mark.parametrize("language", sorted(grammars.PREFERRED))
def test_text_that_is_no_source_gives_no_error(language: str) -> None:
    assert isinstance(grammars.read("\0{{{ (((\ud800 \"'", language), list)


def test_an_arrow_function_is_a_function() -> None:
    found = grammars.read("const load = async (url) => url;\n", "javascript")

    assert found is not None
    assert [(each.name, each.kind) for each in found] == [("load", "function")]


def test_without_the_grammar_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    grammars._tools.cache_clear()
    monkeypatch.setitem(sys.modules, "tree_sitter_java", None)

    assert grammars.read("class P {}\n", "java") is None
    grammars._tools.cache_clear()


def test_another_language_and_a_huge_text_are_left_to_others() -> None:
    assert grammars.read("x", "go") is None
    assert grammars.read("x" * 500_000, "java") is None


def test_a_text_that_takes_the_parser_too_long_is_left_to_patterns() -> None:
    assert grammars.read("{-" * 10_000, "javascript") is None
    assert grammars.read("/* x\n" * 4_000, "javascript") is None
