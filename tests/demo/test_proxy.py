"""The proxy as a process of its own."""

from __future__ import annotations

import http.client

import pytest

from tokenpak.demo.proxy import running_proxy
from tokenpak.errors import UpstreamError


def test_answers_under_settings_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENPAK_PORT", "1")
    monkeypatch.setenv("TOKENPAK_AUTH_TOKEN", "needed")

    with running_proxy("http://127.0.0.1:9") as proxy:
        connection = http.client.HTTPConnection(proxy.origin.removeprefix("http://"), timeout=10)
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
        connection.close()

    assert status == 200
    assert proxy.process.returncode == 0
    assert not proxy.home.exists()


def test_says_why_it_did_not_start() -> None:
    with pytest.raises(UpstreamError, match="workers"), running_proxy("", workers=0):
        pass
