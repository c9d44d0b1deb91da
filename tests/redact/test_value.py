"""What is drawn by lot, what people choose, and what stands in the place of a value."""

from __future__ import annotations

import pytest

from tests.redact.secrets import ALNUM, BASE64, HEX, run, uuid
from tokenpak.redact.value import (
    is_dotted,
    is_mixed,
    is_name,
    is_password,
    is_placeholder,
    is_strong,
)

PLACEHOLDERS = (
    b"$TOKEN ${TOKEN} $(cat_x) %TOKEN% {{token}} <token> {token} %(token)s %s your-token my_key "
    b"*** ---- ... ab*** /etc/passwd ~/.ssh/id ./key C:\\key https://a.example/b arn:aws:iam::1 "
    b"!Ref @token *alias [REDACTED:token]"
).split()
NAMES = (
    b"access_token AccessTokenProvider OAuth2 sha256 base64 utf-8 application/json created_at "
    b"some.module.name getUserToken v1.2.3 tokens_2024"
).split()


@pytest.mark.parametrize("value", [*PLACEHOLDERS, b"", "\u2022\u2022\u2022".encode()])
def test_a_placeholder_is_no_secret_of_any_sort(value: bytes) -> None:
    assert is_placeholder(value)
    assert not is_strong(value)
    assert not is_password(value, words=True, parts=True)


@pytest.mark.parametrize("value", NAMES)
def test_a_name_is_not_drawn_by_lot(value: bytes) -> None:
    assert not is_strong(value)


@pytest.mark.parametrize("alphabet", [ALNUM, BASE64, HEX])
@pytest.mark.parametrize("length", [16, 24, 40, 64])
def test_random_characters_are_strong(alphabet: str, length: int) -> None:
    assert is_strong(run(alphabet, length).encode())


@pytest.mark.parametrize(
    "value", [uuid().encode(), b"qWeRtZuIoPaSdFgHjK", b"a1!b2#c3$", b"xK9-mmmmm-77p4q9"]
)
def test_other_random_forms_are_strong(value: bytes) -> None:
    assert is_strong(value)


@pytest.mark.parametrize("value", [b"hunter2", b"p@ssw0rd", b"s3same!", b"123456", b"a-b-c-1"])
def test_a_password_need_not_be_long(value: bytes) -> None:
    assert is_password(value, words=False)


@pytest.mark.parametrize(
    ("value", "words", "parts"),
    [(b"letmein", True, True), (b"topsecret", False, True), (b"required", False, False)],
)
def test_a_word_is_a_password_where_words_may_be(value: bytes, words: bool, parts: bool) -> None:
    assert not is_password(value, words=False)
    assert is_password(value, words=True) is words
    assert is_password(value, words=True, parts=True) is parts


@pytest.mark.parametrize("value", [b"abc", b"0.82", b"12/34", b"99.5%", b"None", b"str", b"true"])
def test_a_figure_a_type_or_little_is_no_password(value: bytes) -> None:
    assert not is_password(value, words=True, parts=True)


@pytest.mark.parametrize(
    ("value", "dotted"),
    [
        (b"self.password2", True),
        (b"a->b", True),
        (b"a", False),
        (b"a.b!", False),
        (f"a.{'x7Kq' * 4}".encode(), False),
    ],
)
def test_an_attribute_is_dotted_and_a_dotted_token_is_none(value: bytes, dotted: bool) -> None:
    assert is_dotted(value) is dotted


def test_a_run_is_mixed_from_twelve_characters_on() -> None:
    assert is_mixed(b"abcdef123456")
    assert not is_mixed(b"abcdef12345")
    assert not is_mixed(b"abcdefghijklmnop")


@pytest.mark.parametrize(
    ("value", "name"), [(b"password2", True), (b"p2", False), (b"key-1", False)]
)
def test_a_name_speaks_of_secrets(value: bytes, name: bool) -> None:
    assert is_name(value) is name
