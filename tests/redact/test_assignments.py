"""How far a notation vouches for the secrecy of a value."""

from __future__ import annotations

import pytest

from tests.redact.secrets import ALNUM, run
from tokenpak.redact import redact

STRONG = run(ALNUM, 32)


@pytest.mark.parametrize(
    ("line", "redacted"),
    [
        ('password = "letmein"', True),
        ("password = letmein", False),
        ("password: letmein", False),
        ("PASSWORD: letmein", True),
        ("PASSWORD=letmein", True),
        ("password=letmein", False),
        ("password=hunter2", True),
        ("password=hunter2,", False),
        ("f(password=hunter2)", False),
        ("password = hunter2(x)", False),
        ("password = hunter.two2", False),
        ("password hunter2", False),
        ("--password hunter2", True),
        ("--password PASSWORD", False),
        ('("password", "letmein")', False),
        ('("password", "hunter2x9")', True),
        ("pass: hunter2", False),
        ("pass: 'hunter2'", True),
        ("secret: 'letmein'", False),
        ("SECRET=letmeinplease", True),
        ("SECRET=1234567890", False),
    ],
)
def test_a_password_counts_as_far_as_the_notation_vouches(line: str, redacted: bool) -> None:
    assert ("[REDACTED:" in redact(line)) is redacted


@pytest.mark.parametrize(
    "form",
    [
        "token = {}",
        "token={}",
        "token: {}",
        "f(token={})",
        'token = b"{}"',
        "'token' => `{}`",
        '{{\\"token\\": \\"{}\\"}}',
        '{{\\\\\\"token\\\\\\": \\\\\\"{}\\\\\\"}}',
        "<token>{}</token>",
        "?token={}&x",
        "token%3D{}",
        "--token {}",
        '{{"name": "token", "value": "{}"}}',
    ],
)
def test_a_random_value_counts_in_every_notation(form: str) -> None:
    assert redact(form.format(STRONG)) == form.format("[REDACTED:token]")


def test_all_of_a_long_value_goes() -> None:
    assert redact(f'token = "{STRONG * 100}"') == 'token = "[REDACTED:token]"'
    assert redact(f"TOKEN={STRONG * 100} x") == "TOKEN=[REDACTED:token] x"


def test_the_shape_of_a_value_gives_the_better_name() -> None:
    github = "gh" + "p_" + run(ALNUM, 36)

    assert redact(f'GITHUB_TOKEN="{github}"') == 'GITHUB_TOKEN="[REDACTED:github]"'


def test_a_value_that_was_cut_off_within_quotes_goes() -> None:
    assert redact(f'token = "{STRONG}\n') == 'token = "[REDACTED:token]\n'


def test_each_value_of_a_line_counts() -> None:
    text = redact("password='hunter2' api_key='" + STRONG + "'")

    assert text == "password='[REDACTED:password]' api_key='[REDACTED:api-key]'"
