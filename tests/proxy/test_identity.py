from __future__ import annotations

import re

import pytest

from tokenpak.proxy import identity


def test_a_usable_id_is_kept_and_another_replaced():
    assert identity.request_id(b"abc-1.2:3_X") == "abc-1.2:3_X"
    for sent in (None, b"", b"with space", b"x" * 129, b"a\r\nb"):
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
                            identity.request_id(sent))  # fmt: skip


def test_ids_of_a_later_millisecond_sort_behind():
    assert identity.uuid7(1000, 2**80 - 1) < identity.uuid7(1001, 0)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (b"claude-cli/2.1.42 (external, cli)", "claude-code"),
        (b"codex_cli_rs/0.169.0", "codex"),
        (b"GeminiCLI/0.61", "gemini-cli"),
        (b"OpenAI/Python 3.52.0", "openai-sdk"),
        (b"AsyncAnthropic/Python 2.11.0", "anthropic-sdk"),
        (b"something else", None),
        (None, None),
    ],
)
def test_clients_are_known_by_their_user_agent(agent, name):
    assert identity.client_name(agent) == name


def test_a_session_is_what_a_header_names_and_no_longer_than_it_may_be():
    assert identity.session_id({b"x-claude-code-session-id": b"s1"}) == "s1"
    assert identity.session_id({b"session_id": b"x" * 500}) == "x" * 128
    assert identity.session_id({b"user-agent": b"x"}) is None


@pytest.mark.parametrize(
    ("client", "local"),
    [(("127.0.0.1", 5), True), (("127.8.9.1", 5), True), (("::1", 5), True),
     (("192.168.1.7", 5), False), (None, False)],
)  # fmt: skip
def test_only_a_loopback_address_is_this_machine(client, local):
    assert identity.is_local(client) is local


@pytest.mark.parametrize("name", [b"x-forwarded-for", b"forwarded", b"x-real-ip", b"via"])
def test_what_another_proxy_passes_on_may_come_from_anywhere(name):
    assert not identity.is_local(("127.0.0.1", 5), {name: b"10.0.0.9"})
    assert identity.is_local(("127.0.0.1", 5), {b"host": b"localhost"})
