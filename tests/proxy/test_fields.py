from __future__ import annotations

import pytest

from tokenpak.proxy.fields import media_type, nominated, request_fields, response_fields


def test_fields_keep_order_doubles_and_spelling():
    names = [b"X-B", b"x-a", b"X-B", b"Content-LENGTH"]
    headers = [(name.lower(), b"%d" % i) for i, name in enumerate(names)]
    assert request_fields(headers, names, 7, decoded=False) == [
        (b"X-B", b"0"), (b"x-a", b"1"), (b"X-B", b"2"), (b"Content-LENGTH", b"7"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [b"host", b"connection", b"te", b"upgrade", b"transfer-encoding", b"expect", b"x-tokenpak-mode",
     b"proxy-authorization", b"keep-alive"],
)  # fmt: skip
def test_fields_of_this_connection_do_not_travel(name):
    headers = [(name, b"x"), (b"accept", b"y")]
    assert request_fields(headers, [n for n, _ in headers], None, decoded=False) == [
        (b"accept", b"y")
    ]


def test_what_connection_names_does_not_travel_either():
    headers = [(b"connection", b"close, X-One"), (b"x-one", b"1"), (b"x-two", b"2")]
    assert nominated(headers) == {b"close", b"x-one"}
    assert request_fields(headers, [n for n, _ in headers], None, decoded=False) == [
        (b"x-two", b"2")
    ]
    assert response_fields(headers, bodiless=False) == [(b"x-two", b"2")]


def test_a_decoded_body_loses_its_encoding():
    headers = [(b"content-encoding", b"zstd"), (b"content-type", b"a/b")]
    names = [n for n, _ in headers]
    assert request_fields(headers, names, 1, decoded=True) == [(b"content-type", b"a/b")]
    assert request_fields(headers, names, 1, decoded=False) == headers


def test_a_bodiless_answer_has_no_length_and_a_provider_cannot_speak_for_us():
    headers = [(b"Content-Length", b"5"), (b"X-TokenPak-Mode", b"x"), (b"Set-Cookie", b"a")]
    assert response_fields(headers, bodiless=True) == [(b"set-cookie", b"a")]
    assert response_fields(headers, bodiless=False)[0] == (b"content-length", b"5")


def test_the_content_type_is_text():
    assert media_type({b"content-type": b"text/event-stream"}) == "text/event-stream"
    assert media_type({}) == ""
