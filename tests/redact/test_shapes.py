"""Shapes of keys: how long, where they end, what only looks like one."""

from __future__ import annotations

import pytest

from tests.redact.secrets import ALNUM, BARE, BASE64, HEX, UPPER, Sample, run
from tokenpak.redact import redact

PLAIN = [each for each in BARE if each.kind != "private-key"]


@pytest.mark.parametrize("sample", PLAIN, ids=lambda each: each.name)
def test_a_shape_ends_where_its_characters_end(sample: Sample) -> None:
    assert redact(f"({sample.text}) end") == f"([REDACTED:{sample.kind}]) end"


@pytest.mark.parametrize("sample", PLAIN, ids=lambda each: each.name)
def test_a_prefix_alone_is_no_key(sample: Sample) -> None:
    short = sample.text[:8]

    assert redact(f"{short} {short}") == f"{short} {short}"


@pytest.mark.parametrize(
    "text",
    [
        "AK" + "IA" + run(UPPER, 15),
        "AK" + "IA" + run(UPPER, 17),
        "x" + "AK" + "IA" + run(UPPER, 16),
        "S" + "K" + run(HEX, 33),
        "sk-" + "-".join(["loading", "circle", "with", "words", "2", "and", "more"]),
        "desk-" + run(ALNUM, 30),
        "1234567:A" + "A" + run(ALNUM, 33),
        "eyJ" + run(ALNUM, 30),
        "https://hooks.slack.com/services/",
    ],
)
def test_what_is_too_short_too_long_or_within_a_word_is_none(text: str) -> None:
    assert redact(text) == text


def test_a_secret_beside_a_key_id_is_found_without_a_name() -> None:
    key, secret = "AK" + "IA" + run(UPPER, 16), run(BASE64, 40)

    assert redact(f"{key},{secret}\n") == "[REDACTED:aws],[REDACTED:aws]\n"
    assert redact(f"{key},{secret}x\n") == f"[REDACTED:aws],{secret}x\n"
