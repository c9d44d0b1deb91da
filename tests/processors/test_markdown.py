from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tokenpak.processors.markdown import condense

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
    short = condense(PAGE)

    assert "This one explains" not in short
    assert short.endswith("\n[1 sentence left out]\n")
    assert "First sentence here. You must not skip this." in short
    for kept in ("title: A page", "# Title", "- an item. With two sentences.", "|---|---|"):
        assert kept in short
    assert "x = 1\n\n\n# A comment. Not prose. Here.\n" in short


@given(st.lists(st.sampled_from(["# Head", "Some prose. More prose.", "", "- item"]), max_size=20))
def test_every_heading_and_item_stays(lines: list[str]) -> None:
    short = condense("\n".join(lines))

    pattern = re.compile(r"^(?:# Head|- item)$", re.MULTILINE)
    assert pattern.findall(short) == pattern.findall("\n".join(lines))
