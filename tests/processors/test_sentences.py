from __future__ import annotations

import pytest

from tokenpak.processors.sentences import key_sentences, sentences

IDLE = "It was built with care. Everybody likes it. The colours are warm."


def test_the_first_sentence_stays_and_explanations_go() -> None:
    assert key_sentences(IDLE)[0] == "It was built with care."


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
    assert key_sentences(f"{IDLE} {sentence}")[0] == f"It was built with care. {sentence}"


def test_other_scripts_stay_whole() -> None:
    text = "これはテストです。 A sentence. Another one."

    assert key_sentences(text) == (text, 0)


def test_a_ratio_of_the_sentences_stays_and_a_line_tells_of_the_rest() -> None:
    text = f"{IDLE} {IDLE}\n\n- a list. With idle. Sentences here.\n\nIt must stay.\n"

    assert sentences(text, 1) == text
    assert sentences(text, 0.7).count("It was built") == 2
    assert sentences(text, 0) == (
        "It was built with care.\n\n- a list. With idle. Sentences here.\n\nIt must stay.\n\n"
        "[5 sentences left out]\n"
    )


def test_sentences_with_names_go_last() -> None:
    text = "It is so. Then came Alice Walker to it. It was built with care and so on and so on."

    assert sentences(text, 0.6).startswith("It is so. Then came Alice Walker to it.\n")


@pytest.mark.parametrize("ratio", [-0.1, 1.1])
def test_a_ratio_is_a_share(ratio: float) -> None:
    with pytest.raises(ValueError, match="expected 0 to 1"):
        sentences("a", ratio)
