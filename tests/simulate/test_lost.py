"""Lost facts are told without their secrets."""

from __future__ import annotations

from tests.calls import call, result, said
from tokenpak.simulate.conversation import Fact
from tokenpak.simulate.lost import describe

KEY = "ghp_" + "a1B2c3D4e5" * 4


def test_the_line_is_that_of_the_first_result_that_had_it() -> None:
    parts = [
        said("user", "parseFile"),
        result(call("Read"), "one\n   call parseFile here   \ntwo"),
        result(call("Read"), "later parseFile"),
    ]
    lost = describe(Fact("parseFile", 7, kind="symbol"), parts)

    assert (lost.fact, lost.line, lost.used_at) == ("parseFile", "call parseFile here", 7)


def test_a_secret_beside_the_fact_is_masked() -> None:
    lost = describe(Fact("parseFile", 7), [result(call("Read"), f"parseFile --token {KEY}")])

    assert lost.fact == "parseFile"
    assert KEY not in lost.line
    assert "REDACTED" in lost.line


def test_a_fact_that_is_a_secret_is_not_shown() -> None:
    lost = describe(Fact(KEY, 7), [result(call("Read"), f"token: {KEY}")])

    assert KEY not in lost.fact + lost.line


def test_a_line_of_a_private_key_is_not_shown() -> None:
    body = "\n".join("MIIEowIBAAKCAQEA" + letter * 48 for letter in "abcdefgh")
    key = f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----"
    line = body.split("\n")[3]

    lost = describe(Fact(line, 7), [result(call("Read"), f"x\n{key}\ny")])

    assert line not in lost.fact + lost.line


def test_a_long_line_is_cut() -> None:
    lost = describe(Fact("parseFile", 7), [result(call("Read"), "parseFile " + "x " * 1000)])

    assert len(lost.line) <= 200
