"""Strings that the agent took from a tool result and used itself."""

from __future__ import annotations

import pytest

from tests.calls import call, result, said
from tokenpak.simulate.conversation import Conversation, Fact
from tokenpak.simulate.facts import describe, find_facts, stands
from tokenpak.wire import get_adapter

KEY = "ghp_" + "a1B2c3D4e5" * 4
RESULT = (
    "src/app/main.py: calls parseConfigFile at 20417, see https://example.com/docs/a. In 3a1d3a9."
)


def use(name: str, **given: object) -> dict[str, object]:
    block = {"type": "tool_use", "id": name, "name": name, "input": given}
    return {"role": "assistant", "content": [block]}


def found(written: dict[str, object], *, task: str = "go", result: str = RESULT) -> list[Fact]:
    answer = {"type": "tool_result", "tool_use_id": "Look", "content": result}
    messages = [
        {"role": "user", "content": task},
        use("Look"),
        {"role": "user", "content": [answer]},
        written,
        {"role": "user", "content": "and?"},
        written,
    ]
    conversation = Conversation("p", "a", "anthropic", messages)
    request = get_adapter("anthropic").decode_request(conversation.body())
    return find_facts(request.parts, conversation.turns())


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("src/app/main.py", "path"),
        ("parseConfigFile", "symbol"),
        ("20417", "number"),
        ("https://example.com/docs/a", "url"),
        ("3a1d3a9", "hash"),
    ],
)
def test_what_a_call_takes_from_a_result_is_a_fact_at_its_first_use(words: str, kind: str) -> None:
    [fact] = found(use("Do", what=f"do {words}, now"))

    assert (fact.text, fact.kind, fact.used_at) == (words, kind, 3)


def test_what_the_agent_says_counts_as_use() -> None:
    answer = {"role": "assistant", "content": [{"type": "text", "text": "It is parseConfigFile."}]}

    assert [each.text for each in found(answer)] == ["parseConfigFile"]


def test_what_the_user_had_said_before_is_no_fact() -> None:
    assert found(use("Do", what="parseConfigFile"), task="find parseConfigFile") == []


@pytest.mark.parametrize("words", ["calls", "see", "main", "parseOtherFile", "2041"])
def test_plain_words_and_parts_of_words_are_no_facts(words: str) -> None:
    assert found(use("Do", what=words)) == []


def test_the_old_lines_of_an_edit_are_facts_whatever_numbers_they_bore() -> None:
    result = "     7→    return first\n     8→    return second + 1\n"
    edit = use("Edit", old_string="    return second + 1\n", new_string="    return 2")

    assert [(each.text, each.kind) for each in found(edit, result=result)] == [
        ("return second + 1", "code line")
    ]


def test_a_line_that_is_pasted_with_its_number_is_a_fact_with_its_number() -> None:
    edit = use("Edit", old_string="     8→    return second + 1")

    assert [each.text for each in found(edit, result="     8→    return second + 1\n")] == [
        "8→    return second + 1"
    ]


def test_the_old_lines_of_a_patch_are_facts() -> None:
    patch = "*** Begin Patch\n*** Update File: a\n@@\n-    return second + 1\n+    return 2\n"
    facts = found(use("apply_patch", input=patch), result="    return second + 1\n")

    assert [each.text for each in facts] == ["return second + 1"]


def test_a_line_break_in_a_call_does_not_hide_a_word() -> None:
    assert [each.text for each in found(use("Do", what="x\nparseConfigFile"))] == [
        "parseConfigFile"
    ]


@pytest.mark.parametrize(
    ("text", "there"),
    [("a 754 b", True), ("a 7541 b", False), ("x754", False), ("(754)", True)],
)
def test_a_pattern_matches_whole_words_only(text: str, there: bool) -> None:
    fact = Fact("754", 1, r"(?<![A-Za-z0-9_])754(?![A-Za-z0-9_])")

    assert stands(fact, text) is there
    assert stands(Fact("754", 1), "x7541")


@pytest.mark.parametrize("piece", ["a", "A", "1.", "a-", "+a", "../", "a.b("])
@pytest.mark.timeout(20)  # Quadratic time would need minutes.
def test_a_long_line_is_read_to_its_end(piece: str) -> None:
    assert found(use("Do", what="parseConfigFile"), result=f"{piece * 30_000} parseConfigFile")


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
