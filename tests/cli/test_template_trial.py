from __future__ import annotations

from pathlib import Path

import click
import pytest

from tokenpak.cli.template_trial import named, trial
from tokenpak.recipes import get_recipe
from tokenpak.settings import load

BALANCED = get_recipe("balanced")


@pytest.mark.parametrize(
    ("path", "command", "expected"),
    [
        ("a.py", None, "code"),
        ("a.md", None, "markdown"),
        ("a.ipynb", None, "json"),
        ("a.log", None, "tool_result"),
        ("a.py", "cat a.py", "tool_result"),
        ("notes", None, "text"),
        ("", None, "text"),
    ],
)
def test_the_name_of_a_file_tells_what_it_is(path: str, command: str | None, expected: str) -> None:
    assert trial(BALANCED, "x", path, None, command).type == expected


def test_a_fence_inside_of_markdown_is_a_piece_of_its_own() -> None:
    code = "\n".join(f"    a{i} = {i}" for i in range(900))
    text = f"# Title\n\n```python\ndef f():\n{code}\n```\n"

    tried = trial(BALANCED, text, "a.md")

    assert tried.segments == 2
    assert "def f():" in tried.text and tried.text.endswith("```\n")
    assert tried.tokens_after < tried.tokens_raw // 10 and tried.savings_pct > 90
    assert tried.figures()["saved_tokens"] == tried.tokens_raw - tried.tokens_after
    assert "balanced on a piece of type markdown" in tried.summary()


def test_nothing_of_nothing_is_saved() -> None:
    assert trial(BALANCED, "", "").savings_pct == 0


def test_an_unknown_recipe_is_a_misuse(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match="unknown recipe"):
        named("nope", load({}, home=tmp_path))
