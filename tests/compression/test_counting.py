from __future__ import annotations

from tests.calls import call, said
from tokenpak.canonical import Part
from tokenpak.compression import counting
from tokenpak.compression.counting import PartCounts
from tokenpak.tokens import count


def test_a_part_is_counted_once(monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(counting, "count", lambda text: asked.append(text) or count(text))
    counts, parts = PartCounts(), [said("user", "hello there"), call("Bash", command="ls")]
    assert counts.total(parts) == counts.total(parts) == sum(count(p.text) for p in parts)
    assert len(asked) == 2


def test_images_and_unreadable_parts_count_nothing():
    assert (
        PartCounts().total([Part("image", "user", b'"AAAA"'), Part("text", "user", b'"\xff"')]) == 0
    )


def test_a_call_and_a_text_of_the_same_json_are_counted_apart():
    literal = rb'"a\nb\n\"c\"\n\n\\"'
    call, text = Part("tool_use", "assistant", literal), Part("text", "user", literal)
    assert count(call.text) != count(text.text)
    for parts in ((call, text), (text, call)):
        counts = PartCounts()
        assert [counts.of(part) for part in parts] == [count(part.text) for part in parts]


def test_the_memory_is_bounded():
    counts = PartCounts(limit=3)
    for i in range(50):
        counts.of(said("user", str(i)))
    assert len(counts._known) == 3
