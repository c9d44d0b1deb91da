from __future__ import annotations

from typing import Any

import pytest

from tokenpak.recipes.directive import Hints, words
from tokenpak.recipes.lines import Keep

LOG = "\n".join(f"2026-01-01 10:00:{i:02} INFO step {i}" for i in range(20))
SHELL = Hints(tool="Bash", command="cd app && sudo pytest -q | tail -5", role="tool")
READ = Hints(tool="Read", path="/src/App/Main.py", role="tool")


@pytest.mark.parametrize(
    ("selectors", "text", "kind", "hints", "expected"),
    [
        ({"type": "code"}, "x", "code", Hints(), True),
        ({"type": "text"}, "x", "code", Hints(), False),
        ({"type": ["text", "code"]}, "x", "code", Hints(), True),
        ({"type": "json"}, "{}", "code", Hints(language="json"), True),
        ({"type": "markdown"}, "# a", "code", Hints(language="md"), True),
        ({"type": "code", "language": "py"}, "x", "code", Hints(language="python"), True),
        ({"type": "code", "language": ["js", "ts"]}, "x", "code", Hints(language="python"), False),
        ({"type": "code", "language": "hcl"}, "x", "code", Hints(language="HCL"), True),
        ({"type": "tool_result", "tool": "read"}, "x", "tool_result", READ, True),
        ({"type": "tool_result", "tool": "re*"}, "x", "tool_result", SHELL, False),
        ({"type": "tool_result", "path": "*.py"}, "x", "tool_result", READ, True),
        ({"type": "tool_result", "path": "main.py"}, "x", "tool_result", READ, True),
        ({"type": "tool_result", "path": "*.py"}, "x", "tool_result", SHELL, False),
        ({"type": "tool_result", "command": "pytest*"}, "x", "tool_result", SHELL, True),
        ({"type": "tool_result", "command": "*"}, "x", "tool_result", READ, False),
        ({"type": "tool_result", "command": "jest*"}, "x", "tool_result", SHELL, False),
        ({"type": "text", "content": "logs"}, LOG, "text", Hints(), True),
        ({"type": "text", "content": "json"}, LOG, "text", Hints(), False),
        ({"type": "text", "content": "csv"}, "a,b", "text", Hints(path="x.csv"), True),
        ({"type": "text", "min_tokens": 100}, LOG, "text", Hints(), True),
        ({"type": "text", "min_tokens": 100}, "short", "text", Hints(), False),
        ({"type": "text"}, "x", "text", Hints(role="assistant"), False),
        ({"type": "text", "role": "assistant"}, "x", "text", Hints(role="assistant"), True),
    ],
)
def test_a_directive_is_for_what_fits_all_that_it_says(
    selectors: dict[str, Any], text: str, kind: Any, hints: Hints, expected: bool
) -> None:
    given = {key: tuple(v) if isinstance(v, list) else v for key, v in selectors.items()}

    assert Keep(**given).matches(text, kind, hints) is expected


def test_one_word_is_a_set_of_one() -> None:
    assert words("code") == {"code"}
    assert words(("code", "text")) == {"code", "text"}


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
