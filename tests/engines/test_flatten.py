from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.engines.flatten import flatten


@pytest.mark.parametrize(
    ("text", "flat"),
    [
        ("This is **very important** here.", "This is very important here."),
        ("## Title ##\n", "## Title\n"),
        ("a\n***\nb\n", "a\nb\n"),
        ("<!-- note -->\ntext\n", "text\n"),
        ("| a    | b |\n|------|---|\n", "| a | b |\n|---|---|\n"),
        ("[![build](https://img.shields.io/x.svg)](https://ci)\ntext", "text"),
    ],
)
def test_ornaments_go(text: str, flat: str) -> None:
    assert flatten(text) == flat


@pytest.mark.parametrize(
    "text",
    [
        "__init__ and snake_case_name",
        "2 ** 3 ** 4",
        "src/**/*.py and **/*.md",
        "f(*args, **kwargs)",
        "`**bold**` and `a | b`",
        "    **code** in an indented line\n",
        "[text](https://example.com/a_b) and <https://x.y>",
        "*one* and _two_",
        "-----\n",
        "| a `x    | y` |\n",
        "\0 `**a**`",
    ],
)
def test_what_may_be_code_stays(text: str) -> None:
    assert flatten(text) == text


@given(st.lists(st.sampled_from(["**", "`", "|", "a", " ", "\n", "    ", "<!--", "-->", "#", "-"])))
def test_inline_code_stays_word_for_word(pieces: list[str]) -> None:
    text = "".join(pieces).replace("`", "") + "\n\n`**x**  |  y`\n"

    assert "`**x**  |  y`" in flatten(text)
    assert len(flatten(text)) <= len(text)
