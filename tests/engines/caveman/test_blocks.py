from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tokenpak.engines.caveman.blocks import blocks, split_line


@given(st.text(alphabet="a b\n\r\t`~#|<>/\"'*-1.{}\x0b\x85", max_size=200))
def test_blocks_join_to_the_text(text: str) -> None:
    assert "".join(block.text for block in blocks(text)) == text


def test_prose_is_told_from_what_stands_around_it() -> None:
    text = "# Title\n\nThe prose.\n\n```\ncode\n```\n\n- An item of the list.\n"

    assert [block.text for block in blocks(text) if block.prose] == [
        "The prose.\n",
        "- An item of the list.\n",
    ]


def test_a_text_that_is_mostly_code_has_no_prose() -> None:
    code = "\n".join(f"value_{i} = load({i});" for i in range(9))

    assert not any(block.prose for block in blocks(f"The words above.\n\n{code}\n"))


def test_marker_content_and_end_of_a_line() -> None:
    assert split_line("  - [ ] Do it.\r\n") == ("  - [ ] ", "Do it.", "\r\n")
