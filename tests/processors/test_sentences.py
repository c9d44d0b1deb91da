from __future__ import annotations

import pytest

from tokenpak.processors.sentences import key_sentences

IDLE = "It was built with care. Everybody likes it. The colours are warm."


def test_the_first_sentence_stays_and_explanations_go() -> None:
    assert key_sentences(IDLE) == "It was built with care."


@pytest.mark.parametrize(
    "sentence",
    [
        "Never log passwords.",
        "You must restart.",
        "It doesn't work.",
        "Use it unless told.",
        "It takes 5 seconds.",
        "See `main`.",
        "See https://example.com for more.",
        'It says "go".',
        "Edit src/main now.",
        "Call max_tokens first.",
        "Das geht nicht.",
        "Il ne faut pas.",
        "No hay nunca.",
    ],
)
def test_sentences_that_bind_or_tell_a_fact_stay(sentence: str) -> None:
    assert key_sentences(f"{IDLE} {sentence}") == f"It was built with care. {sentence}"


def test_other_scripts_stay_whole() -> None:
    text = "これはテストです。 A sentence. Another one."

    assert key_sentences(text) == text
