from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.engines.heuristic import HeuristicEngine
from tokenpak.tokens import count

PROSE = """\
# Title ##


Some **bold** text.   \n\n\n\nMore # of it // here.

```python
x = 1  # a comment
y = "# none"
```

```
# unknown  
```
"""


def test_prose_keeps_its_words_and_fences_lose_comments() -> None:
    assert HeuristicEngine().compress(PROSE) == (
        "# Title\n\nSome bold text.\n\nMore # of it // here.\n\n"
        '```python\nx = 1\ny = "# none"\n```\n\n```\n# unknown  \n```\n'
    )


@pytest.mark.parametrize(
    "hints", [{"language": "py"}, {"path": "src/a.py"}, {"language": "python", "path": "x.js"}]
)
def test_the_language_can_be_told(hints: dict[str, object]) -> None:
    code = "x = 1  # gone\n# gone\n"

    assert HeuristicEngine().compact(code, hints) == "x = 1\n"
    assert HeuristicEngine().compact(code) == code


def test_markdown_is_never_taken_for_code_if_told() -> None:
    text = "# import os\nimport os\nimport re\nimport sys\ndef f(x):\n"

    assert HeuristicEngine().compact(text, {"path": "README.md"}) == text


def test_comments_can_be_kept_by_language() -> None:
    engine = HeuristicEngine(comments={"js"})

    assert engine.compact("x // gone\n", {"language": "javascript"}) == "x\n"
    assert engine.compact("x  # kept\n", {"language": "python"}) == "x  # kept\n"
    with pytest.raises(ValueError, match="unknown language 'klingon'"):
        HeuristicEngine(comments={"klingon"})


@pytest.mark.parametrize("option", ["whitespace", "markdown", "boilerplate", "comments"])
def test_each_rule_can_be_switched_off(option: str) -> None:
    text = "a  \n**b**\n```py\nx = 1  # type: ignore\ny = 1  # z\n```\n"
    changed = {
        "whitespace": "a  \nb\n```py\nx = 1\ny = 1\n```\n",
        "markdown": "a\n**b**\n```py\nx = 1\ny = 1\n```\n",
        "boilerplate": "a\nb\n```py\nx = 1\ny = 1\n```\n",
        "comments": "a\nb\n```py\nx = 1\ny = 1  # z\n```\n",
    }

    assert HeuristicEngine(**{option: False}).compress(text) == changed[option]


@given(st.integers(0, 200))
def test_a_limit_is_kept_at_line_borders(limit: int) -> None:
    text = "".join(f"this is line number {at}\n" for at in range(100))
    short = HeuristicEngine().compress(text, max_tokens=limit)

    assert count(short) <= limit
    assert limit < 20 or short.splitlines()[-1].endswith("more lines left out]")


@given(st.text(max_size=200))
def test_no_text_gets_more_tokens(text: str) -> None:
    engine = HeuristicEngine()

    assert count(engine.compress(text)) <= count(text)
    assert engine.compress(text) == engine.compress(text)
