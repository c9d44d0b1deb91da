from __future__ import annotations

import pytest

from tokenpak.processors.languages import language_of
from tokenpak.processors.syntax import COMMENTED


@pytest.mark.parametrize(
    ("name", "language"),
    [("py", "python"), (".TSX", "tsx"), ("c++", "cpp"), ("golang", "go"), ("nosuch", None)],
)
def test_languages_are_known_by_ending_and_name(name: str, language: str | None) -> None:
    assert language_of(name) == language


@pytest.mark.parametrize("language", COMMENTED)
def test_a_language_is_known_by_its_own_name(language: str) -> None:
    assert language_of(language) == language
