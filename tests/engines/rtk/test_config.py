from __future__ import annotations

import json

import pytest

from tokenpak.engines.rtk.config import DEFAULT, NAMES, RtkConfig
from tokenpak.engines.rtk.filtering import apply
from tokenpak.errors import ConfigError

OTHER = {
    "enabled": False,
    "intensity": "minimal",
    "applyToToolResults": False,
    "applyToCodeBlocks": True,
    "applyToAssistantMessages": True,
    "maxLinesPerResult": 120,
    "maxCharsPerResult": 12_000,
    "deduplicateThreshold": 5,
    "customFiltersEnabled": False,
    "trustProjectFilters": False,
    "rawOutputRetention": "failures",
    "rawOutputMaxBytes": 1 << 20,
}


def test_every_setting_goes_to_json_and_back():
    config = RtkConfig.from_mapping(OTHER)
    assert set(OTHER) == set(NAMES)
    assert json.loads(json.dumps(config.to_mapping())) == OTHER
    assert all(OTHER[key] != value for key, value in DEFAULT.to_mapping().items())


@pytest.mark.parametrize("key", OTHER)
def test_a_partial_update_changes_what_it_names(key):
    after = DEFAULT.updated({key: OTHER[key]}).to_mapping()
    assert after == DEFAULT.to_mapping() | {key: OTHER[key]}


@pytest.mark.parametrize(
    ("partial", "told"),
    [
        ({"maxLines": 1}, "^rtk.maxLines: unknown key; known: applyTo"),
        ({"enabled": 1}, "^rtk.enabled: found 1, expected true or false$"),
        ({"intensity": "ultra"}, "one of minimal, standard, aggressive"),
        ({"maxLinesPerResult": True}, "a whole number"),
        ({"rawOutputMaxBytes": -1}, "a whole number, 0 or more"),
        ({"rawOutputRetention": None}, "never, failures, always"),
    ],
)
def test_a_wrong_setting_is_named_with_what_was_expected(partial, told):
    with pytest.raises(ConfigError, match=told):
        DEFAULT.updated(partial)


PYTEST = "\n".join(f"tests/test_a.py::test_{i} PASSED [ {i}%]" for i in range(60)) + "\n1 failed"
DIFF = "diff --git a/x b/x\n@@ -1,9 +1,9 @@\n" + "\n".join(
    [*(f" context number {i}" for i in range(6)), "-old", "+new", " behind it", " the end"]
)


def test_minimal_leaves_every_word_and_aggressive_takes_more():
    shown = {
        each: apply(DIFF, "git diff", config=RtkConfig(intensity=each)).text
        for each in ("minimal", "standard", "aggressive")
    }
    assert shown["minimal"] == DIFF
    assert " behind it" in shown["standard"] and " context number 0" not in shown["standard"]
    assert " behind it" not in shown["aggressive"] and "-old\n+new" in shown["aggressive"]
    assert apply(PYTEST, "pytest -v", config=RtkConfig(intensity="minimal")).text == PYTEST


@pytest.mark.parametrize(
    "config", [RtkConfig(max_lines_per_result=10), RtkConfig(max_chars_per_result=500)]
)
def test_limits_keep_the_ends_and_every_problem(config):
    lines = [f"{'abcdefghij'[i % 10] * (i % 23 + 9)} unlike the others" for i in range(200)]
    lines[100] = "error: the disk is full"
    found = apply("\n".join(lines), "./x.sh", config=config)
    assert found.dropped_lines > 180 and lines[100] in found.text
    assert lines[0] in found.text and lines[-1] in found.text


@pytest.mark.parametrize(("times", "lines"), [(0, 5), (3, 2), (5, 2), (6, 5)])
def test_a_line_is_told_once_from_that_many_times_on(times, lines):
    text = "\n".join(["waiting for the service to come up, please be patient"] * 5)
    found = apply(text, "./x.sh", config=RtkConfig(deduplicate_threshold=times))
    assert found.text.count("\n") + 1 == lines
