from __future__ import annotations

import pytest

from tests.calls import call, said
from tokenpak.canonical import Part
from tokenpak.compression.sources import texts_of

LONG = "one\ntwo\nthree"


@pytest.mark.parametrize(
    ("part", "found"),
    [
        (call("Write", file_path="/x/a.py", content=LONG), [("Write a.py content", LONG)]),
        (
            call("Edit", file_path="a.py", old_string=LONG, new_string=LONG + "!"),
            [("Edit a.py old_string", LONG), ("Edit a.py new_string", LONG + "!")],
        ),
        (call("Bash", command="ls"), []),
        (said("user", LONG), [("user message", LONG)]),
        (said("assistant", "short"), []),
        (Part("thinking", "assistant", b'{"thinking":"a\\nb\\nc"}'), []),
    ],
)
def test_texts_of_several_lines_can_be_pointed_to(part, found):
    assert list(texts_of(part)) == found


def test_of_a_text_that_is_sent_otherwise_what_is_sent_counts():
    assert list(texts_of(said("user", LONG), "a\nb\nc")) == [("user message", "a\nb\nc")]
    assert list(texts_of(said("user", LONG), "short")) == []
