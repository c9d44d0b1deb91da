from __future__ import annotations

import pytest

from tokenpak.engines.rtk.api import (
    config_response,
    config_update,
    filters_response,
    try_response,
)
from tokenpak.engines.rtk.catalog import built_in
from tokenpak.engines.rtk.config import DEFAULT, RtkConfig
from tokenpak.engines.rtk.trust import Found

FOUND = Found(built_in(), ["a.yaml: is not trusted; look at it, then: tokenpak rtk trust a.yaml"])


def test_the_catalogue_has_its_fields_and_names_what_was_refused():
    status, body = filters_response(FOUND)
    assert status == 200 and len(body["filters"]) >= 70
    assert {"id", "name", "description", "commandTypes", "category", "priority"} <= set(
        body["filters"][0]
    )
    assert body["diagnostics"][0]["path"] == "a.yaml"


def test_a_text_is_tried_with_its_command():
    text = "src/a.py .....\n" * 20 + "===== 1 failed, 99 passed in 0.1s ====="
    status, body = try_response(FOUND, {"text": text, "command": "python -m pytest"})
    assert status == 200 and body["detection"]["type"] == "test-pytest"
    assert body["detection"]["command"] == "pytest"
    assert body["compressedTokens"] < body["originalTokens"] and "1 failed" in body["text"]
    assert body["rulesApplied"] == ["test-pytest"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], ""),
        ({"text": 1}, "text"),
        ({"text": "x", "command": 1}, "command"),
        ({"txt": ""}, "txt"),
    ],
)
def test_a_wrong_question_is_400_and_names_the_field(body, field):
    status, told = try_response(FOUND, body)
    assert status == 400 and told["error"]["details"][0]["field"] == field


def test_the_filter_of_a_command_is_told_also_where_there_is_nothing_to_shorten():
    _, body = try_response(FOUND, {"command": "git status", "text": "On branch main"})
    assert body["detection"] == body["detection"] | {"type": "git-status", "confidence": 1.0}
    assert not body["compressed"] and body["rulesApplied"] == []


def test_a_text_that_is_not_shortened_is_counted_all_the_same():
    _, body = try_response(FOUND, {"text": "Error: boom"})
    assert body["originalTokens"] == body["compressedTokens"] > 0


def test_settings_are_shown_and_changed_in_part():
    assert config_response(DEFAULT) == (200, DEFAULT.to_mapping())
    (status, body), after = config_update(DEFAULT, {"intensity": "minimal"})
    assert status == 200 and body["intensity"] == "minimal" and after.intensity == "minimal"


@pytest.mark.parametrize(
    ("body", "field"), [([], ""), ({"x": 1}, "x"), ({"enabled": True, "intensity": 3}, "intensity")]
)
def test_a_wrong_setting_changes_nothing_and_is_named(body, field):
    (status, told), after = config_update(DEFAULT, body)
    assert status == 400 and after is None
    (detail,) = told["error"]["details"]
    assert detail["field"] == field
    # Once, before what is wrong with it.
    prefix = f"{field}: " if field else ""
    assert told["error"]["message"] == prefix + detail["message"]
    assert not field or field not in detail["message"].partition("known:")[0]


def test_a_text_is_tried_under_the_settings_of_the_request():
    text = "src/a.py .....\n" * 20 + "===== 1 failed, 99 passed in 0.1s ====="
    asked = {"text": text, "command": "pytest", "config": {"enabled": False}}
    assert try_response(FOUND, asked)[1]["text"] == text
    assert try_response(FOUND, asked | {"config": {"enabled": 0}})[0] == 400
    assert try_response(FOUND, asked | {"config": {}}, RtkConfig(enabled=False))[1]["text"] == text
