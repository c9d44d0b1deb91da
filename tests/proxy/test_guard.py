from __future__ import annotations

from typing import Any

import pytest

from tokenpak.errors import ConfigError
from tokenpak.proxy.answers import Refused
from tokenpak.proxy.guard import TOKEN_HEADER, Guard, check_exposure, is_loopback
from tokenpak.settings import load


def check(headers: list[tuple[bytes, bytes]], **settings: Any) -> None:
    scope = {"headers": headers, "server": ("10.0.0.9", 8766)}
    guard, fields = Guard(load({}, **settings)), dict(headers)
    guard.check_source(scope, fields)
    guard.check_token(fields)


def status(headers: list[tuple[bytes, bytes]], **settings: Any) -> int:
    with pytest.raises(Refused) as refused:
        check(headers, **settings)
    assert str(refused.value)
    return refused.value.status


@pytest.mark.parametrize("host", [b"127.0.0.1:8766", b"localhost", b"[::1]:8766", b"10.0.0.9:8766"])
def test_names_of_this_machine_are_answered(host):
    check([(b"host", host)])


def test_a_configured_name_is_answered():
    check([(b"host", b"Proxy.lan:8766")], allowed_hosts="x.lan, proxy.lan")


def test_a_rebound_name_and_missing_or_double_hosts_are_refused():
    assert status([(b"host", b"evil.example")]) == 421
    assert status([]) == 400
    assert status([(b"host", b"")]) == 400
    assert status([(b"host", b"localhost"), (b"host", b"localhost")]) == 400


HERE = (b"host", b"localhost")


@pytest.mark.parametrize(
    "origin", [b"https://evil.example", b"null", b"http://[", b"ftp://localhost"]
)
def test_pages_of_other_sites_are_refused(origin):
    assert status([HERE, (b"origin", origin)]) == 403


def test_a_page_that_hides_its_origin_is_refused_by_where_it_is_fetched_from():
    assert status([HERE, (b"sec-fetch-site", b"cross-site")]) == 403
    check([HERE, (b"sec-fetch-site", b"same-origin")])


@pytest.mark.parametrize("origin", [b"http://localhost:3000", b"vscode-webview://abc", b"app://x"])
def test_pages_of_this_machine_and_applications_are_answered(origin):
    check([HERE, (b"origin", origin)])


def test_the_token_is_asked_for_where_one_is_set():
    header = TOKEN_HEADER.lower().encode()
    assert status([HERE], auth_token="t0k") == 401
    assert status([HERE, (header, b"wrong")], auth_token="t0k") == 401
    check([HERE, (header, b"t0k")], auth_token="t0k")


def test_beyond_loopback_a_token_is_mandatory():
    with pytest.raises(ConfigError, match="TOKENPAK_AUTH_TOKEN"):
        check_exposure(load({}, host="0.0.0.0"))
    check_exposure(load({}, host="0.0.0.0", auth_token="t"))
    check_exposure(load({}, host="127.0.0.1"))


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.3.2.1", True), ("::1", True), ("localhost", True),
     ("0.0.0.0", False), ("192.168.0.2", False), ("example.org", False)],
)  # fmt: skip
def test_loopback_is_told_from_the_rest(host, loopback):
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("method", "fields", "refused"),
    [
        ("PUT", {}, False),
        ("PUT", {b"origin": b"http://127.0.0.1:8766"}, False),
        ("DELETE", {b"origin": b"http://127.0.0.1:3000"}, True),
        ("POST", {b"origin": b"http://localhost:8766"}, True),
        ("PUT", {b"origin": b"null"}, True),
        ("PUT", {b"origin": b"vscode-webview://abc"}, True),
        ("POST", {b"sec-fetch-site": b"same-site"}, True),
        ("POST", {b"sec-fetch-site": b"same-origin"}, False),
        ("GET", {b"origin": b"http://localhost:3000"}, False),
    ],
)
def test_only_a_page_of_our_own_may_change_anything(method, fields, refused):
    check = Guard(load({})).check_same_origin
    fields = {b"host": b"127.0.0.1:8766"} | fields
    if refused:
        with pytest.raises(Refused) as error:
            check(method, fields)
        assert error.value.status == 403
    else:
        check(method, fields)
