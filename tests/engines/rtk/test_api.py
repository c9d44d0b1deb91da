from __future__ import annotations

import pytest

from tokenpak.engines.rtk.api import (
    filters_response,
    try_response,
)
from tokenpak.engines.rtk.catalog import built_in
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


def test_a_text_that_is_not_shortened_is_counted_all_the_same():
    _, body = try_response(FOUND, {"text": "Error: boom"})
    assert body["originalTokens"] == body["compressedTokens"] > 0
