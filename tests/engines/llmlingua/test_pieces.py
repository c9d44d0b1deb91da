from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.engines.llmlingua.pieces import assemble, pieces


def left(text: str, keep: tuple[str, ...] = ()) -> str:
    """What is left of *text* if every word goes that may."""
    parts = pieces(text, keep)
    return assemble(text, parts, [each.kind != "free" for each in parts])


PROTECTED = [
    "42",
    "3.5 million",
    "v1.2.3",
    "5 MB",
    "src/app/main.py",
    "./run.sh",
    "C:\\temp\\x",
    "https://example.org/a?b=c",
    "me@example.org",
    "snake_case",
    "camelCase",
    "HTTP",
    "obj.method",
    "call()",
    "--force",
    "$HOME",
    "a=b",
    "x → y",
    "a + b",
    "`inline code here`",
    '"a quoted phrase of words"',
    "“a quoted phrase of words”",
    "„ein Zitat in Worten“",
    "«une phrase entre guillemets»",
    "'a quoted phrase of words'",
    "<system-reminder>",
    "{placeholder name}",
    "[12 more lines left out]",
    "[the guide](guide.md)",
    "$a + b$",
    "never delete",
    "not approved",
    "don't touch",
    "isn't ready",
    "without asking",
    "must",
    "unless",
    "nicht löschen",
    "kein Zugriff",
    "ne jamais",
    "sin permiso",
    "não apagar",
    "会议批准了新预算",
]


@pytest.mark.parametrize("protected", PROTECTED)
def test_keeps_what_is_protected_to_the_letter(protected: str) -> None:
    text = f"Somebody wrote {protected} somewhere lovely"

    assert protected in left(text)
    assert "lovely" not in left(text)


@pytest.mark.parametrize(
    "block",
    [
        "```python\nprint( 'some words' )\n```",
        "~~~\nunclosed fence of words\n\nand more",
        "    indented code of words",
        "## A heading of words",
        "| a table | of words |",
        "> a quotation of words",
        "tests/test_x.py failed in the second run",
        "Warning: disk nearly full",
    ],
)
def test_keeps_whole_lines_that_are_no_prose(block: str) -> None:
    assert block in left(f"Somebody wrote lovely words\n{block}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lovely words here, must they go. Never mind.", "must. Never mind."),
        ("lovely words. Never mind.", "Never mind."),
        ("- lovely must\n- lovely must\n", "- must\n- must\n"),
        ("  - lovely must\n  - (lovely) must\n", "  - must\n  - () must\n"),
        ("lovely must\n\nlovely\n\n   lovely must", "must\n\n   must"),
        ("must lovely\r\nlovely must\r\n", "must\r\nmust\r\n"),
        ("must (lovely must) must", "must (must) must"),
        ("must—must", "must—must"),
        ("must lovely—must", "must must"),
        ("\n  lovely must", "  must"),
        ("   ", "   "),
        ("", ""),
    ],
)
def test_lines_and_gaps_stay_in_shape(text: str, expected: str) -> None:
    parts = pieces(text)
    stays = [
        p.kind != "free" and text[p.start : p.end] != "—" or text == "must—must" for p in parts
    ]

    assert assemble(text, parts, stays) == expected


def test_keeps_the_strings_of_the_caller_as_words() -> None:
    text = "The lovely art of the particular start, the ? and such"

    assert left(text, ("lovely art", "art", "?")) == "lovely art ? and"


def test_a_text_of_which_all_stays_is_as_it_was() -> None:
    text = " a,b  c\n\n\td. \r\n“x”  "

    assert assemble(text, pieces(text), [True] * len(pieces(text))) == text


@given(st.text(st.sampled_from("ab1 .,()\n\r\t\"'`<>[]{}$#-_é日"), max_size=80), st.randoms())
def test_words_are_left_out_and_nothing_else_happens(text: str, random: object) -> None:
    parts = pieces(text)
    stays = [random.random() < 0.5 for _ in parts]  # type: ignore[attr-defined]

    result = assemble(text, parts, stays)

    taken = "".join(text[each.start : each.end] for each in parts)
    assert "".join(taken.split()) == "".join(text.split())
    kept = iter("".join(text.split()))
    assert all(char in kept for char in "".join(result.split()))


HOSTILE = [
    "a" * 4_0000,
    "a-" * 2_0000,
    "a,b" * 14_000,
    " " * 4_0000 + "a",
    "\n" * 4_0000,
    "\n    " * 8_000,
    "```" + "\n  `" * 1_0000,
    '"' * 4_0000,
    '"a' * 2_0000,
    "[" * 4_0000,
    "<a " * 14_000,
    "$a" * 2_0000,
    "'a " * 14_000,
    "errorx " * 6_000,
    ("x" * 230 + " erro\n") * 800,
    "。" * 4_0000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:6]))
def test_hostile_texts_are_taken_apart_like_others(text: str) -> None:
    parts = pieces(text)

    assert assemble(text, parts, [True] * len(parts)) == text
