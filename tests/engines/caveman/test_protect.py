from __future__ import annotations

import pytest

from tokenpak.engines.caveman.protect import overlaps, protected


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ('say "a b" now', ['"a b"']),
        ("say 'don't go' now", ["'don't go'"]),
        ("users' own words", []),
        ("`` a ` b `` c", ["`` a ` b ``"]),
        ("„a b“ und «c d»", ["„a b“", "«c d»"]),
        ("<b>a b</b> c <i> d", ["<b>a b</b>", "<i>"]),
        ("f(a b) and (c d)", ["(a b)"]),
        ("see [a b](c) and {d e}", ["[a b](c)", "{d e}"]),
        ('an open "quote to the end', ['"quote to the end']),
    ],
)
def test_spans(text: str, spans: list[str]) -> None:
    assert [text[start:end] for start, end in protected(text)] == spans


def test_a_place_is_in_a_span_or_beside_it() -> None:
    spans = [(2, 5), (8, 9)]

    assert [overlaps(spans, at, at + 1) for at in range(10)] == [
        at in (2, 3, 4, 8) for at in range(10)
    ]
    assert not overlaps([], 0, 5)
