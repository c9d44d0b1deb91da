"""Which earlier request a request continues."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.telemetry.priors import outline, prior
from tokenpak.telemetry.conversations import Conversations, Prior, shared

SESSION = ("anthropic", "s")


def found(
    known: Conversations, messages: str, *, model: str = "m", session: tuple[str, str] | None = None
) -> Prior | None:
    return known.continued("anthropic", model, session, outline(messages))


def remembering(*priors: Prior, max_parts: int = 1000) -> Conversations:
    known = Conversations(max_parts)
    for each in priors:
        known.add(each)
    return known


def test_the_longest_common_beginning_wins() -> None:
    one, two = prior(outline("abc")), prior(outline("abxyz"))
    known = remembering(one, two)

    assert found(known, "abcd") is one
    assert found(known, "abxy") is two
    assert found(known, "bcd") is None


def test_of_two_alike_it_is_the_later() -> None:
    one, two = prior(outline("abc")), prior(outline("abc"))

    assert found(remembering(one, two), "abcd") is two


def test_the_same_model_goes_before_the_longer_beginning() -> None:
    one, two = prior(outline("abc")), prior(outline("abcde"), model="other")
    known = remembering(one, two)

    assert found(known, "abcdef") is one
    assert found(known, "abcdef", model="other") is two
    assert found(known, "abcdef", model="third") is two


def test_another_provider_is_another_conversation() -> None:
    known = remembering(prior(outline("abc"), provider="openai"))

    assert found(known, "abcd") is None


@pytest.mark.parametrize(
    ("messages", "continues"), [("xbcde", True), ("xycde", True), ("xyzde", False), ("x", False)]
)
def test_a_new_first_message_in_a_session_is_an_edit_if_half_is_there_again(
    messages: str, continues: bool
) -> None:
    known = remembering(prior(outline("abcde"), session=SESSION))

    assert (found(known, messages, session=SESSION) is not None) is continues
    assert found(known, messages, session=("anthropic", "another")) is None


def test_a_longer_one_takes_the_place_of_what_it_continues() -> None:
    one, two = prior(outline("abc")), prior(outline("abcd"))
    known = remembering(one)

    known.add(two, one)

    assert found(known, "abx") is two


def test_another_model_s_request_takes_no_place() -> None:
    one = prior(outline("abc"))
    known = remembering(one)

    known.add(prior(outline("abcd"), model="other"), one)

    assert found(known, "abc") is one


def test_what_was_not_used_for_longest_is_forgotten_first() -> None:
    old, new = prior(outline("abcdef"), session=SESSION), prior(outline("xyz"))
    known = remembering(old, new, max_parts=8)

    assert found(known, "abcdefg", session=SESSION) is None
    assert found(known, "_bcdef", session=SESSION) is None
    assert found(known, "xyz") is new


def test_at_most_eight_requests_begin_alike() -> None:
    priors = {each: prior(outline("a" + each)) for each in "bcdefghij"}
    known = remembering(*priors.values())

    assert found(known, "ac") is priors["c"]
    assert found(known, "ab") is priors["j"]  # its own is gone; of the others the newest


@given(st.text("ab"), st.text("ab"))
def test_shared_counts_the_common_beginning(one: str, other: str) -> None:
    number = shared(one, other)

    assert one[:number] == other[:number]
    assert one[number : number + 1] != other[number : number + 1] or number == len(one) == len(
        other
    )
