from __future__ import annotations

import pytest

from tokenpak.dashboard.api import Api
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
        ("GET", RAW + "../telemetry.db", 400),
        ("POST", RAW + "0123456789abcdef", 405),
        ("GET", "/api/context/unknown", 404),
    ],
)
def test_anything_else_is_an_error_that_says_why(api, method, path, status):
    code, body = api.answer(method, path)
    assert code == status and body["error"]["message"]


@pytest.mark.parametrize("path", ["/api/chat", "/api/generate", "/v1/messages", "/api/contextual"])
def test_paths_of_providers_are_not_ours(api, path):
    assert not api.handles(path)
