from __future__ import annotations

import pytest

from tests.calls import call, said, shell
from tokenpak.canonical import Part
from tokenpak.compression.segments import segmentize
from tokenpak.tokens import count


@pytest.mark.parametrize(
    ("part", "types"),
    [
        (said("user", "Just a sentence."), ["text"]),
        (said("user", "# Title\n\n- one\n- two"), ["markdown"]),
        (said("user", '{"a": [1, 2]}'), ["json"]),
        (said("user", "[not json"), ["text"]),
        (said("user", "See:\n```py\nx = 1\n```\nand more"), ["text", "code", "text"]),
        (said("user", "~~~\nopen end"), ["code"]),
        (call("Bash", command="ls"), ["tool_call"]),
        (shell("ls", "a\nb"), ["tool_result"]),
        (Part("system", "system", b'"Be terse."'), ["system"]),
        (Part("image", "user", b'"AAAA"'), []),
    ],
)
def test_content_is_told_by_its_shape(part, types):
    assert [segment.type for segment in segmentize([part])] == types


def test_the_pieces_of_a_text_are_the_text():
    text = "# A\n```js\nlet x\n```\n\nmiddle\n```\ny\n```\n"
    pieces = segmentize([said("user", text)])
    assert "".join(piece.text for piece in pieces) == text.rstrip("\n")
    assert [piece.language for piece in pieces] == [None, "js", None, None]


def test_tokens_are_counted():
    (segment,) = segmentize([said("user", "How many tokens is this?")])
    assert segment.tokens == count("How many tokens is this?")
