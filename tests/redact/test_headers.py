"""Credentials in headers, in registries' files and in calls of curl."""

from __future__ import annotations

import pytest

from tests.redact.secrets import ALNUM, encoded, run
from tokenpak.redact import redact

TOKEN = run(ALNUM, 40)
MARK = "[REDACTED:authorization]"


@pytest.mark.parametrize(
    "form",
    [
        "Authorization: Bearer {}",
        "authorization: token {}",
        "Proxy-Authorization: Basic {}",
        "Authorization: {}",
        '"Authorization": "Bearer {}"',
        '\\"authorization\\": \\"Bearer {}\\"',
        "headers['Authorization'] = 'Bearer {}'",
        "curl -H 'authorization: bearer {}' x",
        "got bearer {} back",
    ],
)
def test_the_credential_of_a_header_goes_and_its_scheme_stays(form: str) -> None:
    assert redact(form.format(TOKEN)) == form.format(MARK)


def test_all_of_a_long_credential_goes() -> None:
    assert redact(f"Authorization: Bearer {TOKEN * 50} x") == f"Authorization: Bearer {MARK} x"


def test_base64_of_a_user_and_a_password_needs_no_header() -> None:
    assert redact(f"Basic {encoded('aladdin:sesam!')}") == f"Basic {MARK}"
    assert redact("Basic AuthenticationHandler") == "Basic AuthenticationHandler"


def test_a_key_block_right_after_a_credential_is_left_to_its_own_rule() -> None:
    glued = f"Bearer {TOKEN}{'-' * 5}BEGIN X"

    assert redact(glued) == f"Bearer {MARK}{'-' * 5}BEGIN X"


@pytest.mark.parametrize(
    "line",
    [
        "Authorization: Bearer",
        "authorization = base64.decodebytes(authorization)",
        "basic understanding of bearer authentication",
        '"auth": "required"',
        "author = 'someone1'",
        "useradd -u 1000:x2 me",
        "docker run --user 1000:1000",
    ],
)
def test_speaking_of_authorization_is_no_credential(line: str) -> None:
    assert redact(line) == line
