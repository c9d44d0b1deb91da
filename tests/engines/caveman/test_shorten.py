from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokenpak.engines.caveman import built_in, shorten
from tokenpak.engines.caveman.pack import INTENSITIES
from tokenpak.tokens import count

# Corruptions seen in other prose compressors; each text must come out as it is.
KEPT = {
    "an error in quotes": 'It says "please make sure that the file is there".',
    "SQL": "SELECT * FROM t\nWHERE note = 'thank you of course'",
    "JSON": '{"of course": "please do the thing in order to win", "the": [1, 2]}',
    "pretty JSON": '{\n  "note": "please see the file",\n  "a": "the thing of the user"\n}',
    "an expression": "x = a if a else y",
    "YAML": "steps:\n  - run: please the user\n    with: the file of the job",
    "a tag": "<b>please do the thing</b>",
    "a reminder": "<system-reminder>\nPlease note that the file is read in order to go.\n"
    "</system-reminder>",
    "a fence": "```\nplease  keep   the spacing of the code\n```",
    "an unclosed fence": "```sh\necho please the user\n\nplease do the thing of the user",
    "a heading": "# Please read the docs in order to start",
    "a table": "| the name | of the user |\n|---|---|\n| please  | the value of it |",
    "a block quote": "> Please make sure that the user is the owner of the file.",
    "a trace": 'Traceback (most recent call last):\n  File "a.py", line 3, in the_user\n'
    "ValueError: the name of the user is not in the list",
    "a log": "2026-01-02T03:04:05 INFO the request of the user is in the queue\n"
    "2026-01-02T03:04:06 WARN please check the queue of the user",
    "indented code": "    please = the(user) of the list",
    "inline code": "`please do the thing of the user`",
    "a relative path": "src/the/please.py",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
@pytest.mark.parametrize("intensity", INTENSITIES)
def test_what_is_no_prose_stays_byte_for_byte(text: str, intensity: str) -> None:
    made = shorten(text, intensity=intensity).text  # type: ignore[arg-type]

    assert made == text


def test_an_indented_fence_does_not_keep_the_prose_around_it_from_being_shortened() -> None:
    fence = "```py\nif x:\n    the  =  1\n```"
    text = f"Please make sure that the test of the user is run.\n\n{fence}\n\nThe end of the file."

    made = shorten(text).text

    assert fence in made
    assert count(made) < count(text)


def test_list_items_keep_marker_and_indent() -> None:
    text = "1. Please read the file.\n   - Please note the size of the file.\n2. Use the API.\n"

    lines = shorten(text).text.splitlines()

    assert [line[: len(line) - len(line.lstrip(" 12.-"))] for line in lines] == [
        "1. ", "   - ", "2. ",
    ]  # fmt: skip


def test_text_that_would_vanish_stays() -> None:
    assert shorten("Thank you so much for all your help!").text.strip()


def test_seed_phrases_go() -> None:
    made = shorten(
        "Could you please explain this? It is, of course, basically slow as a result of the lock "
        "in order to be safe."
    ).text

    assert made == "explain this? It is, slow because of lock to be safe."


def test_a_text_in_no_known_language_stays() -> None:
    text = "Prosím, mohl byste se podívat na tento kód a opravit jej?"

    assert shorten(text).text == text


def test_passages_to_be_quoted_keep_their_articles() -> None:
    text = (
        "The river crosses the old town, and the king built a bridge over it in the tenth century, "
        "when the market was in the hands of the guilds and a toll was asked of all the traders "
        "from the north of the country."
    )

    assert shorten(text).text == text


def test_skip_leaves_a_rule_out_and_preserve_keeps_words() -> None:
    text = "Please read the file of the user in order to learn."

    assert "in order to" in shorten(text, skip=["in-order-to"]).text
    assert "the file of the user" in shorten(text, preserve=["the file of the user"]).text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"intensity": "max"}, "unknown intensity 'max'; known: lite, full, ultra"),
        ({"languages": ["xx"]}, "unknown language 'xx'; known: de, en"),
        ({"skip": ["nonsense"]}, "unknown rule 'nonsense'"),
    ],
)
def test_bad_arguments_are_named(arguments: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        shorten("text", **arguments)  # type: ignore[arg-type]


_WORDS = st.sampled_from(
    "the a an of please note that it is in order to the fact user , . ! not only never basically "
    "could you thank so much very really I want file `x` \" ' ( ) [ < <b> </b> $ ** \n \n\n - # | "
    "} ; = : para que por favor no es la de bitte nicht der die und s'il vous plaît ne pas le "
    "非常 感谢 请 不 要 の を して ください 。 ない 1 2 "
    "/a/b.py foo_bar Hello, also, and also going will ``` due because".split(" ")
)
_TEXTS = st.lists(_WORDS, max_size=60).map(" ".join)


@given(_TEXTS, st.sampled_from(INTENSITIES))
@settings(max_examples=400, deadline=None)
def test_twice_is_as_once_and_never_longer(text: str, intensity: str) -> None:
    once = shorten(text, intensity=intensity).text  # type: ignore[arg-type]

    assert shorten(once, intensity=intensity).text == once  # type: ignore[arg-type]
    assert count(once) <= count(text)


@given(_TEXTS, st.sampled_from(INTENSITIES))
@settings(max_examples=300, deadline=None)
def test_marks_code_and_numbers_stay(text: str, intensity: str) -> None:
    made = shorten(text, intensity=intensity).text  # type: ignore[arg-type]

    for kept in ("`x`", "/a/b.py", "foo_bar", "<b>", "1", "2", "never", "not"):
        assert made.count(kept) >= text.count(kept)


def test_all_packs_join_what_they_say_of_themselves() -> None:
    assert {each.language for each in built_in()} == {
        "de", "en", "es", "fr", "it", "ja", "pt-BR", "zh",
    }  # fmt: skip
