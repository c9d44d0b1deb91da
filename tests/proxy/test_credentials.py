from __future__ import annotations

import pytest

from tokenpak.proxy import CredentialPassthrough

SECRET = "sk-ant-api03-" + "x" * 20 + "tail"


@pytest.mark.parametrize("name", ["Authorization", "x-api-key", "X-Goog-Api-Key", "api-key"])
def test_any_known_credential_counts(name):
    assert CredentialPassthrough().validate_auth({name: SECRET}) == (True, None)


def test_missing_credentials_say_what_to_send():
    good, why = CredentialPassthrough().validate_auth({"content-type": "x", "x-api-key": " "})
    assert not good and "Authorization: Bearer" in why
    assert CredentialPassthrough(require_auth=False).validate_auth({}) == (True, None)


def test_credentials_go_on_as_they_came():
    sent = {"Authorization": f"Bearer {SECRET}", "X-Custom": "1", "anthropic-beta": "oauth"}
    assert CredentialPassthrough().build_forward_headers(sent, "anthropic") == sent


def test_fields_of_one_connection_and_ours_stay_behind():
    headers = {"Host": "h", "Connection": "close, X-Hop", "X-Hop": "1", "Content-Length": "3",
               "X-TokenPak-Mode": "off", "Accept": "*/*"}  # fmt: skip
    assert CredentialPassthrough().build_forward_headers(headers) == {"Accept": "*/*"}


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("x-api-key", SECRET, "…tail"),
        ("Authorization", f"Bearer {SECRET}", "Bearer …tail"),
        ("Authorization", "Basic short", "Basic …"),
        ("Cookie", "a=b", "…"),
        ("Accept", "*/*", "*/*"),
    ],
)
def test_a_log_shows_at_most_the_tail(name, value, shown):
    assert CredentialPassthrough().mask_for_logging({name: value}) == {name: shown}
