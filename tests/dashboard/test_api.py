from __future__ import annotations

import json
import re

import pytest

from tokenpak.dashboard.api import MAX_CHANGE_BYTES, OPENAPI, Api, openapi
from tokenpak.recovery import RecoveryStore
from tokenpak.settings import load

RAW = "/api/context/rtk/raw-output/"


@pytest.fixture
def api(tmp_path):
    return Api(load({}, home=tmp_path))


def test_a_raw_output_is_given_back(api, tmp_path):
    path = RecoveryStore(tmp_path / "raw", 1 << 20, 3600.0).put("the whole text")
    status, body = api.answer("GET", RAW + path.stem)
    assert (status, body["text"]) == (200, "the whole text")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", RAW + "0123456789abcdef", 404),
        ("GET", RAW + "..%2Ftelemetry.db", 400),
        ("GET", RAW + "../telemetry.db", 404),
        ("POST", RAW + "0123456789abcdef", 405),
        ("GET", "/api/context/unknown", 404),
        ("GET", "/api/context/rtk/test", 405),
    ],
)
def test_anything_else_is_an_error_that_says_why(api, method, path, status):
    code, body = api.answer(method, path)
    assert code == status and body["error"]["message"]


@pytest.mark.parametrize("path", ["/api/chat", "/api/generate", "/v1/messages", "/api/contextual"])
def test_paths_of_providers_are_not_ours(api, path):
    assert not api.handles(path)


def test_the_filters_are_listed(api):
    status, body = api.answer("GET", "/api/context/rtk/filters")
    assert status == 200 and len(body["filters"]) >= 70


def test_a_text_is_tried_with_its_command(api):
    question = b'{"command": "pytest", "text": "E   assert 1 == 2\\n1 failed in 0.1s"}'
    status, body = api.answer("POST", "/api/context/rtk/test", question)
    assert status == 200 and "1 failed" in body["text"]


@pytest.mark.parametrize("body", [b"", b"{nope", b"[]", b'{"text": 7}', b'{"txt": ""}'])
def test_a_question_that_is_none_is_refused(api, body):
    status, answer = api.answer("POST", "/api/context/rtk/test", body)
    assert status == 400 and answer["error"]["message"]


def test_every_endpoint_is_described_and_nothing_else_is(api):
    described = {
        (verb.upper(), path)
        for path, verbs in openapi()["paths"].items()
        for verb in verbs
        if verb != "parameters"
    }
    assert described == set(api.endpoints)
    assert api.answer("GET", OPENAPI) == (200, openapi())


def test_the_description_refers_to_what_it_holds():
    document = openapi()
    referred = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert referred <= set(document["components"]["schemas"])
    assert {"CompressionSettings", "Combo", "Error"} <= referred
    for path, verbs in document["paths"].items():
        named = set(re.findall(r"\{(\w+)\}", path))
        assert {each["name"] for each in verbs.get("parameters", ())} == named


def test_what_changes_something_is_small(api):
    assert api.limit("PUT", "/api/settings/compression") == MAX_CHANGE_BYTES
    assert api.limit("POST", "/api/compression/preview") == load({}).max_body_mb << 20


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/api/context/combos"), ("PUT", "/api/compression/rules"), ("POST", OPENAPI)],
)
def test_a_method_that_does_not_fit_is_told_those_that_do(api, method, path):
    status, body = api.answer(method, path)
    assert status == 405 and "GET" in body["error"]["message"]
