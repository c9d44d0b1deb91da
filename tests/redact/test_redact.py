from __future__ import annotations

import re
import sysconfig
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.redact.secrets import ALL, BARE, Sample
from tokenpak.redact import redact

WINDOW = 12


def survivors(secret: str, text: str) -> list[str]:
    """The stretches of *secret* that *text* still holds; of a short one, all of it."""
    width = min(WINDOW, len(secret))
    stretches = (secret[place : place + width] for place in range(len(secret) - width + 1))
    return [each for each in stretches if each in text]


def test_there_are_enough_shapes() -> None:
    assert len({each.name for each in ALL}) == len(ALL) >= 100


@pytest.mark.parametrize("sample", ALL, ids=lambda each: each.name)
def test_nothing_of_a_secret_survives(sample: Sample) -> None:
    redacted = redact(f"before it\n{sample.text}\nafter it")

    assert survivors(sample.secret, redacted) == []
    assert f"[REDACTED:{sample.kind}]" in redacted


@pytest.mark.parametrize("sample", ALL, ids=lambda each: each.name)
def test_what_is_around_a_secret_stays(sample: Sample) -> None:
    before, after = sample.text.split(sample.secret)

    redacted = redact(f"\u00e9 {sample.text} \U0001f600")

    # The key id that precedes a secret in a CSV file is taken out itself.
    before = re.sub("AK" + "IA" + r"\w{16}", "[REDACTED:aws]", before)
    assert redacted == f"\u00e9 {before}[REDACTED:{sample.kind}]{after} \U0001f600"


@pytest.mark.parametrize(
    "around", ["'{}'", '"{}"', "({})", "x\\n{}\\n", "\x1b[32m{}\x1b[0m", "a={},"]
)
@pytest.mark.parametrize("sample", BARE, ids=lambda each: each.name)
def test_a_shape_is_known_wherever_it_stands(sample: Sample, around: str) -> None:
    assert survivors(sample.secret, redact(around.format(sample.text))) == []


@pytest.mark.parametrize("sample", ALL, ids=lambda each: each.name)
def test_twice_is_as_once(sample: Sample) -> None:
    once = redact(sample.text)

    assert redact(once) == once


def test_every_secret_of_a_long_text_is_found() -> None:
    redacted = redact("\n".join(each.text for each in ALL))

    assert [
        each.name for each in ALL if len(each.secret) > WINDOW and each.secret in redacted
    ] == []
    assert redacted.count("[REDACTED:") >= len(ALL)


@pytest.mark.parametrize(
    "line",
    [
        'password = os.environ["DB_PASSWORD"]',
        "token: str",
        "token: Token | None = None",
        '"api_key": null',
        "secret = getpass()",
        "secret = getpass.getpass('Secret: ')",
        "password=password",
        "self.password = self.password2",
        "password: string;",
        "if password == other.password:",
        '"password": "string"',
        '"password": "${DB_PASSWORD}"',
        "DB_PASSWORD=$DB_PASSWORD",
        "DB_PASSWORD=${DB_PASSWORD:-}",
        "DB_PASSWORD=<your password>",
        "API_KEY=your-api-key-here",
        "API_KEY=***",
        'API_KEY = "xxx"',
        "token = {{ secrets.TOKEN }}",
        'f"token={token}"',
        'headers = {"Authorization": f"Bearer {token}"}',
        "Authorization: Bearer <token>",
        "Authorization: Bearer $TOKEN",
        "max_tokens=4096, token_type='bearer'",
        '"input_tokens": 12345, "total_tokens": 99999',
        'tokenizer = "o200k_base"',
        'sort_key="created_at_2024x9"',
        "--- PASS: TestSecretStore2 (0.01s)",
        "pass: 12, fail: 0",
        '"pass_rate": 0.82',
        "PWD=/home/user/project1",
        "http://localhost:8080/a@b",
        "https://user:password@example.com",
        "https://{user}:{password}@example.com",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7vbqajDhA",
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkq\n-----END CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZI\n-----END PUBLIC KEY-----",
        "commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904",
        "id: 550e8400-e29b-41d4-a716-446655440000",
        "sk-fading-circle-animation-delay-1-2s-ease",
        "scikit-learn-1.5.2 risk-assessment-report-2024",
        "npm_config_registry=x npm_lifecycle_event",
        "the basic authentication-scheme1 of bearer tokens",
        "docker run -u 1000:1000 image",
        "secretary: Anna2024xyz",
        "<label for='password'>Password</label>",
    ],
)  # fmt: skip
def test_what_is_no_secret_stays(line: str) -> None:
    assert redact(line) == line


def source_lines() -> Iterator[str]:
    folder = Path(sysconfig.get_path("stdlib"))
    for path in sorted(folder.glob("*.py")) + sorted(folder.glob("email/*.py")):
        yield from path.read_text(encoding="utf-8", errors="replace").splitlines()


def test_ordinary_code_stays_as_it_is() -> None:
    lines = list(islice(source_lines(), 60_000))
    text = "\n".join(lines)

    changed = [
        line for line, after in zip(lines, redact(text).split("\n"), strict=True) if line != after
    ]

    assert len(lines) >= 10_000
    assert len(changed) <= len(lines) // 10_000, changed  # 0.01 %


@given(st.text(alphabet=st.characters(exclude_characters="-_.:=/@>,+ \t")))
def test_a_text_without_signs_is_given_back_itself(text: str) -> None:
    assert redact(text) is text


PIECES = st.one_of(
    st.sampled_from([each.text for each in ALL]),
    st.sampled_from(
        'password= "token": secret:: key api_key=" Authorization: Bearer :// @ : -----BEGIN \\" '
        "\\n ' [REDACTED:token] AKIA sk- eyJ eyJ. xox - _ = value: <x> $ \ud800 \u212aey".split(" ")
    ),
    st.text(max_size=30),
)


@given(st.lists(PIECES, max_size=12).map("\n".join))
def test_redaction_is_idempotent_and_keeps_the_rest(text: str) -> None:
    once = redact(text)

    assert redact(once) == once
    pieces = [re.escape(each) for each in re.split(r"\[REDACTED:[a-z-]+\]", once)]
    assert re.fullmatch("(?s:.*)".join(pieces), text)


HOSTILE = (
    'token secret= key api_key: password=" password=\'a PASSWORD=x _auth= "auth":" authorization: '
    "Authorization:aBearer://a:b@ :// ://a: ://a:{ sk- sk-a- eyJ eyJ- eyJaaaaaaaaaa. xoxb- SG. MT "
    '-----BEGIN -----END AKIA secret=sk- token=AKIA secret=eyJ- token={ token=< curl-u heroku \\" '
    "[REDACTED: [REDACTED:x] 1 a ' \" value="
).split()


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "unit",
    [
        *HOSTILE,
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAA\n",
        "AAAAAAAAAAAAAAAAAAAA\n-----END PRIVATE KEY-----\n",
        "curl -u a:",
        "Private-Lines: 1\nAAAAAAAAAAAAAAAA\n",
        "\x1b[31m",
    ],
)
@pytest.mark.parametrize("before", ["", 'token="'])
def test_hostile_text_takes_linear_time(unit: str, before: str) -> None:
    # Quadratic work would take minutes; so the timeout is the assertion.
    size = 150_000
    redacted = redact(before + (unit * (size // len(unit) + 1))[:size])

    assert redacted.startswith(before[:5])
