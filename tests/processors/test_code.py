from __future__ import annotations

import pytest

from tokenpak.processors.code import Processor

PYTHON = 'def f():\n    """Doc."""\n    a = 1\n    b = 2\n    return a * b * 100 + a - b\n'


@pytest.mark.parametrize(
    ("processor", "path"),
    [(Processor(), "src/a.py"), (Processor("python"), ""), (Processor("py"), "x.txt")],
)
def test_the_language_is_told_by_name_or_path(processor: Processor, path: str) -> None:
    assert processor.process(PYTHON, path) == "def f():\n    ...  # lines 2-5 left out\n"


def test_docstrings_can_be_kept() -> None:
    short = Processor("python", keep_docstrings=True).process(PYTHON)

    assert short == 'def f():\n    """Doc."""\n    ...  # lines 3-5 left out\n'


@pytest.mark.parametrize("path", ["", "a.unknown", "noending"])
def test_code_of_no_known_language_stays(path: str) -> None:
    assert Processor().process(PYTHON, path) == PYTHON


def test_what_would_grow_stays() -> None:
    code = "def f():\n  a\n  b\n  c\n"

    assert Processor("python").process(code) == code
