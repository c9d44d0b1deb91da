from __future__ import annotations

import pytest

from tokenpak.processors.syntax import commented, syntax_of


@pytest.mark.parametrize("language", commented())
def test_patterns_are_compiled_once(language: str) -> None:
    assert syntax_of(language) is syntax_of(language)


def test_other_languages_have_no_syntax() -> None:
    assert syntax_of("brainfuck") is None
    assert len(commented()) >= 30
