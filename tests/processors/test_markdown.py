from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.processors.markdown import Processor, headers

PAGE = """---
title: A page
---
# Title

First sentence here. This one explains at some length what everybody who reads it knows.
You must not skip this.


- an item. With two sentences.
| a | b |
|---|---|

```py
x = 1


# A comment. Not prose. Here.
```
<!-- gone -->
"""


def test_prose_is_cut_and_structure_stays() -> None:
    short = Processor().process(PAGE)

    assert "This one explains" not in short
    assert short.endswith("\n[1 sentence left out]\n")
    assert "First sentence here. You must not skip this." in short
    for kept in ("title: A page", "# Title", "- an item. With two sentences.", "|---|---|"):
        assert kept in short
    assert "x = 1\n\n\n# A comment. Not prose. Here.\n" in short


@given(st.lists(st.sampled_from(["# Head", "Some prose. More prose.", "", "- item"]), max_size=20))
def test_every_heading_and_item_stays(lines: list[str]) -> None:
    short = Processor().process("\n".join(lines))

    pattern = re.compile(r"^(?:# Head|- item)$", re.MULTILINE)
    assert pattern.findall(short) == pattern.findall("\n".join(lines))


def test_headers_stay_down_to_a_depth_and_gaps_are_told() -> None:
    words = "more words than a note has, " * 3
    text = f"{words}\n\n# A\n{words}\n{words}\n\n## B\n```\n# code\n```\n### C\nD\n---\n{words}\n"

    assert headers(text, 2).splitlines() == [
        "[1 line left out]", "# A", "[2 lines left out]", "## B", "[4 lines left out]", "D", "---",
        "[1 line left out]",
    ]  # fmt: skip
    assert "### C" in headers(text, 3)


@pytest.mark.parametrize("text", ["no headings\n", "---\n# yaml\n---\n", "#tag\n", ""])
def test_text_without_headings_stays(text: str) -> None:
    assert headers(text, 3) == text


@pytest.mark.parametrize("depth", [0, 7])
def test_a_depth_is_that_of_a_heading(depth: int) -> None:
    with pytest.raises(ValueError, match="expected 1 to 6"):
        headers("# a\n", depth)
