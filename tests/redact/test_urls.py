"""The user part of URLs."""

from __future__ import annotations

import pytest

from tests.redact.secrets import ALNUM, HEX, run
from tokenpak.redact import redact


@pytest.mark.parametrize(
    ("url", "redacted"),
    [
        ("postgres://me:pw1@db/x", "postgres://me:[REDACTED:url-password]@db/x"),
        ("redis://:p@q@db", "redis://:[REDACTED:url-password]@db"),
        ("a+b://u:%40x@h and c@d", "a+b://u:[REDACTED:url-password]@h and c@d"),
        ('"amqp://g:letmein@h:1"', '"amqp://g:[REDACTED:url-password]@h:1"'),
    ],
)
def test_the_password_goes_and_the_rest_of_the_url_stays(url: str, redacted: str) -> None:
    assert redact(url) == redacted


def test_a_key_in_the_place_of_the_user_goes() -> None:
    key, public = run(ALNUM, 40), run(HEX, 32)

    assert redact(f"https://{key}@git.example") == "https://[REDACTED:url-password]@git.example"
    assert redact(f"https://{key}:x-oauth@h") == (
        "https://[REDACTED:url-password]:[REDACTED:url-password]@h"
    )
    assert (
        redact(f"https://{public}@sentry.example/1") == "https://[REDACTED:sentry]@sentry.example/1"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8080/a@b",
        "http://[::1]:8080/a@b",
        "https://me@github.example/a",
        "https://user:pass@h",
        "https://$USER:$PASSWORD@h",
        "https://<user>:<password>@h",
        "ssh://git@github.example:22/a",
        "https://a.example/?q=x:y@z",
    ],
)
def test_a_url_without_a_secret_stays(url: str) -> None:
    assert redact(url) == url
