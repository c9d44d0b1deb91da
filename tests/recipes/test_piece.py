from __future__ import annotations

import pytest

from tokenpak.recipes.piece import Hints


@pytest.mark.parametrize(
    ("hints", "expected"),
    [
        (Hints(language="PY"), "py"),
        (Hints(path="src/App.TSX"), "tsx"),
        (Hints(language="go", path="a.py"), "go"),
        (Hints(path="C:\\work\\Dockerfile"), "dockerfile"),
        (Hints(), ""),
    ],
)
def test_the_format_is_the_language_or_the_ending_of_the_path(hints: Hints, expected: str) -> None:
    assert hints.format == expected
