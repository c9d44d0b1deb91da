from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tokenpak.compression import relevance
from tokenpak.compression.cuts import words_of


def scores(texts: list[str], wanted: set[str]) -> list[float]:
    return relevance.scores([words_of(text) for text in texts], wanted)


def test_rare_words_that_are_wanted_count_most():
    texts = ["total of orders", "total of customers", "total of parcels", "nothing here"]
    found = scores(texts, {"total", "parcels"})
    assert found.index(max(found)) == 2
    assert found[0] == found[1] > found[3] == 0


def test_a_short_text_is_more_about_a_word_than_a_long_one():
    texts = ["parcels", "parcels " + " ".join(f"word_{i}" for i in range(50)), "other"]
    short, long, _ = scores(texts, {"parcels"})
    assert short > long > 0


def test_no_texts_and_no_wanted_words_give_no_scores():
    assert scores([], {"a"}) == []
    assert scores(["some words", "more words"], set()) == [0, 0]


@given(st.lists(st.text(alphabet="abcdef _", max_size=40)), st.sets(st.text("abcdef", min_size=4)))
def test_a_text_scores_if_and_only_if_it_has_a_wanted_word(texts, wanted):
    for text, score in zip(texts, scores(texts, wanted), strict=True):
        assert (score > 0) is bool(set(text.split()) & wanted)
