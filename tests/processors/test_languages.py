from __future__ import annotations

import pytest

from tokenpak.processors.languages import ending_of, language_of
from tokenpak.processors.syntax import commented


@pytest.mark.parametrize(
    ("name", "language"),
    [("py", "python"), (".TSX", "tsx"), ("c++", "cpp"), ("golang", "go"), ("nosuch", None)],
)
def test_languages_are_known_by_ending_and_name(name: str, language: str | None) -> None:
    assert language_of(name) == language


@pytest.mark.parametrize("language", commented())
def test_a_language_is_known_by_its_own_name(language: str) -> None:
    assert language_of(language) == language


@pytest.mark.parametrize(
    ("path", "ending"),
    [("src.d/a.PY", "py"), ("C:\\a.b\\Dockerfile", "dockerfile"), ("a.tar.gz", "gz"), ("", "")],
)
def test_the_ending_of_a_path_is_that_of_its_last_name(path: str, ending: str) -> None:
    assert ending_of(path) == ending
