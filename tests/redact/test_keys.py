"""Which names announce a secret, and how they call it."""

from __future__ import annotations

import pytest

from tokenpak.redact.keys import key_at

WORDS = ("passw", "passp", "pass", "pwd", "secret", "token", "key", "credential")


def kinds(name: str) -> list[str]:
    lower = name.lower()
    places = sorted({lower.find(word) for word in WORDS} - {-1})
    keys = (key_at(name.encode(), place, 0) for place in places)
    return [key.kind for key in keys if key]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("password", "password"),
        ("DB_PASSWORD", "password"),
        ("dbPassword2", "password"),
        ("spring.datasource.password", "password"),
        ("passphrase", "password"),
        ("smtp_pass", "password"),
        ("dbPass", "password"),
        ("PGPASSWORD", "password"),
        ("pwd", "password"),
        ("client_secret", "secret"),
        ("clientSecret", "secret"),
        ("SECRET_KEY_BASE", "secret"),
        ("access_token", "token"),
        ("TOKEN_PROD", "token"),
        ("authToken", "token"),
        ("api_key", "api-key"),
        ("apiKey", "api-key"),
        ("X-Api-Key", "api-key"),
        ("ENCRYPTION_KEY", "api-key"),
        ("credentials", "credential"),
    ],
)
def test_a_name_announces_a_secret(name: str, kind: str) -> None:
    assert kind in kinds(name)


@pytest.mark.parametrize(
    "name",
    (
        "key keys sort_key keyboard KEYWORD primary_key tokens max_tokens input_tokens tokenizer "
        "token_type tokenType TOKEN_URL next_token page_token eos_token secretary secret_name "
        "secretsmanager password_field passwordPolicy PASSWORD_MIN_LENGTH passed bypass compass "
        "pass_rate passenger api_key_id cwdpwd"
    ).split(),
)
def test_a_name_about_secrets_announces_none(name: str) -> None:
    assert kinds(name) == []


@pytest.mark.parametrize(("name", "option"), [("--db-password", True), ("db-password", False)])
def test_an_option_is_known_by_its_dashes(name: str, option: bool) -> None:
    key = key_at(name.encode(), name.index("pass"), 0)

    assert key is not None
    assert (key.is_option, key.text) == (option, name.encode())


def test_pass_alone_is_doubtful() -> None:
    assert [key.is_doubtful for key in (key_at(b"pass", 0, 0), key_at(b"a_pass", 2, 0)) if key] == [
        True,
        False,
    ]


def test_a_name_does_not_reach_into_the_last_secret() -> None:
    key = key_at(b"--password", 2, 2)

    assert key is not None
    assert key.text == b"password"
