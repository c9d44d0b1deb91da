from __future__ import annotations

from tokenpak.processors.text import condense

LONG = "This paragraph tells a story that goes on and on until it has as many words as it needs."


def test_prose_is_cut_to_what_carries_it() -> None:
    idle = "It is nice in there, and the people are so friendly that everybody likes it."

    assert condense(f"It is here. {idle}\n\n\n\nDo not go.\n") == (
        "It is here.\n\nDo not go.\n\n[1 sentence left out]\n"
    )


def test_a_long_paragraph_that_stood_before_goes() -> None:
    paragraph = f"{LONG} {LONG}"

    assert condense(f"{paragraph}\n\nYes.\n\n{paragraph}\n\nYes.\n").count("Yes.") == 2
    assert condense(f"{paragraph}\n\n{paragraph}\n").count("This") <= 2


def test_tables_and_lists_stay() -> None:
    text = "name    size\nOne. Two. Three.    4\n\n  indented. Text. Here.\n\n- a. B. C.\n"

    assert condense(text) == text
