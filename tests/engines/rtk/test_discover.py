from __future__ import annotations

from tests.calls import shell
from tokenpak.engines.rtk.catalog import built_in
from tokenpak.engines.rtk.discover import discover


def test_outputs_without_a_filter_are_listed_the_dearest_first():
    parts = [
        shell("frobnicate all", "one line after another\n" * 20),
        shell("frobnicate all", "one line after another\n" * 30),
        shell("twiddle x", "word " * 30),
        shell("git status", "On branch main\n" * 20),
    ]
    found, tokens, saved = discover(parts, built_in())
    assert [(e.program, e.outputs) for e in found] == [("frobnicate all", 2), ("twiddle x", 1)]
    assert tokens > sum(each.tokens for each in found) and saved > 0
