"""What sort of content a text is taken for."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.tokens.kinds import ContentKind, content_kind

SAMPLES: dict[ContentKind, str] = {
    "prose": "The proxy forwards each request. It counts what was sent, and what was saved.\n" * 5,
    "cjk": "请求由代理转发。它统计发送了多少标记，以及节省了多少。" * 5,
    "code": "def add(a: int, b: int) -> int:\n    total = a + b\n    return total\n\nimport os\n"
    * 4,
    "diff": "diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,2 @@\n-a = 1\n+a = 2\n",
    "html": "<html>\n<div class='a'>\n<p>text</p>\n<ul><li>one</li></ul>\n</div></html>",
    "json": json.dumps([{"id": n, "name": "x" * 9, "on": True} for n in range(50)]),
    "json_pretty": json.dumps([{"id": n, "name": "x" * 9} for n in range(50)], indent=2),
    "logs": "2026-11-21 04:36:55 INFO server started\n2026-11-21 04:36:56 WARN slow\n" * 5,
    "yaml": "name: build\non:\n  push:\n    branches: [main]\njobs:\n  test:\n    runs-on: x\n" * 3,
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_knows_the_kind_of(kind: ContentKind) -> None:
    assert content_kind(SAMPLES[kind]) == kind


def test_line_numbers_do_not_hide_the_kind() -> None:
    numbered = "\n".join(
        f"{number:6}→{line}" for number, line in enumerate(SAMPLES["code"].splitlines(), 1)
    )
    assert content_kind(numbered) == "code"


@given(st.text())
def test_any_text_has_a_kind(text: str) -> None:
    assert content_kind(text) in (*SAMPLES, "mixed")
