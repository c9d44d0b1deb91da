"""Which proxy leads to a provider, by the variables that all programs share."""

from __future__ import annotations

from base64 import b64decode

import pytest

from tokenpak.errors import ConfigError
from tokenpak.proxy.outbound import Outbounds, without_user
from tokenpak.settings import Settings

API = "https://api.anthropic.com"


def to(origin: str, **values: str) -> str | None:
    found = Outbounds(Settings(**values)).to(origin)  # type: ignore[arg-type]
    return None if found is None else str(found)


@pytest.mark.parametrize(
    ("origin", "values", "found"),
    [
        (API, {}, None),
        (API, {"https_proxy": "http://corp:3128"}, "http://corp:3128"),
        (API, {"https_proxy": "http://corp/"}, "http://corp:80"),
        (API, {"https_proxy": "corp:3128"}, "http://corp:3128"),
        (API, {"https_proxy": "http://[fd00::1]:3128"}, "http://[fd00::1]:3128"),
        (API, {"http_proxy": "http://corp:3128"}, None),
        (API, {"all_proxy": "http://corp:3128"}, "http://corp:3128"),
        (API, {"https_proxy": "http://one:1", "all_proxy": "http://two:2"}, "http://one:1"),
        ("http://box:11434", {"http_proxy": "http://corp:3128"}, "http://corp:3128"),
        ("http://box:11434", {"https_proxy": "http://corp:3128"}, None),
    ],
)
def test_the_scheme_of_the_provider_says_which_proxy(
    origin: str, values: dict[str, str], found: str | None
) -> None:
    assert to(origin, **values) == found


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:1", "https://localhost", "http://[::1]:1", "http://a.localhost"]
)
def test_this_machine_is_never_reached_through_a_proxy(origin: str) -> None:
    assert to(origin, all_proxy="http://corp:3128") is None


@pytest.mark.parametrize(
    ("no_proxy", "origin", "straight"),
    [
        ("*", API, True),
        ("anthropic.com", API, True),
        (".anthropic.com", API, True),
        ("*.Anthropic.com", API, True),
        ("a.org api.anthropic.com", API, True),
        ("a.org, api.anthropic.com:443", API, True),
        ("api.anthropic.com:8443", API, False),
        ("thropic.com", API, False),
        (",., ", API, False),
        ("10.0.0.0/8", "http://10.1.2.3:11434", True),
        ("10.1.2.3", "http://10.1.2.3:11434", True),
        ("10.1.2.3:11434", "http://10.1.2.3:11434", True),
        ("10.1.2.3:80", "http://10.1.2.3:11434", False),
        ("10.0.0.0/8", "http://11.1.2.3", False),
        ("2.3", "http://10.1.2.3", False),
        ("fd00::/8", "http://[fd00::7]:80", True),
        ("[fd00::7]:80", "http://[fd00::7]", True),
        ("fd00::7", "http://10.1.2.3", False),
    ],
)
def test_what_no_proxy_covers_is_reached_without(
    no_proxy: str, origin: str, straight: bool
) -> None:
    assert (to(origin, all_proxy="http://corp:3128", no_proxy=no_proxy) is None) is straight


def test_user_and_password_are_told_to_the_proxy_alone() -> None:
    found = Outbounds(Settings(https_proxy="http://me:p%40ss@corp:3128")).to(API)

    assert found is not None
    assert b64decode(found.authorization.removeprefix(b"Basic ")) == b"me:p@ss"
    assert "p@ss" not in f"{found} {found!r}" and "p%40ss" not in f"{found} {found!r}"


@pytest.mark.parametrize(
    "url",
    [
        "socks5://me:secret@corp:1080",
        "https://me:secret@corp",
        "http://me:secret@",
        "http://me:sec/ret@corp:1",
        "http://me:1#secret@corp:1",
        "http://me:1?secret@corp:1",
        "http://me:secret@corp:port",
        "http://me:secret@[corp",
        "http://corp:3128/path",
    ],
)
def test_a_proxy_of_another_kind_is_refused_with_its_variable_and_no_password(url: str) -> None:
    with pytest.raises(
        ConfigError, match="HTTPS_PROXY: found .*, expected http://host:port"
    ) as why:
        Outbounds(Settings(https_proxy=url))

    assert "sec" not in str(why.value)
    assert to(API, https_proxy=url, no_proxy="*") is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://me:x@corp:1", "http://***@corp:1"),
        ("me:x@y@corp", "***@corp"),
        ("http://corp:1", "http://corp:1"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_who_may_use_it(url: str, shown: str) -> None:
    assert without_user(url) == shown
