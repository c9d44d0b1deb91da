"""Who changed what of a request that was sent before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.telemetry.priors import outline, prior
from tokenpak.flow import Trail
from tokenpak.telemetry.attribution import Change, compare
from tokenpak.telemetry.outline import Outline, SystemPart

READ = outline("abc", tools="Read Bash", system="s1 s2")


def trail(now: Outline) -> Trail:
    """Each part is a message of its own, of user and assistant in turn."""
    opening = len(now.system)
    numbers = range(len(now.messages))
    return Trail(
        digests=(*(each.digest for each in now.system), *now.messages),
        messages=(*[-1] * opening, *numbers),
        roles=(*["system"] * opening, *("assistant" if at % 2 else "user" for at in numbers)),
        system=(b"",) * opening,
        tools=b"",
        sizes=(),
        sent={},
        saved={},
    )


def change(before: Outline, now: Outline, model: str = "m") -> Change:
    return compare(prior(before), now, trail(now), model)


@pytest.mark.parametrize(
    ("now", "where"),
    [
        ({"tools": "Bash Read"}, "the tools: order changed"),
        ({"tools": "Read Bash!"}, "the tools: 'Bash' changed"),
        ({"tools": "Read"}, "the tools: 'Bash' removed"),
        ({"tools": "Read Bash a b c d"}, "the tools: 'a' added, 'b' added, 'c' added and 1 more"),
        ({"system": "s1"}, "the system prompt, part 2 of 2: removed"),
        ({"system": "s1 s2 s3"}, "the system prompt, part 3 of 3: added"),
        ({"system": "s1 x", "tools": "Bash Read"}, "the tools: order changed"),
    ],
)
def test_what_stands_before_the_messages_is_named(now: dict[str, str], where: str) -> None:
    found = change(READ, outline("abcd", **({"tools": "Read Bash", "system": "s1 s2"} | now)))

    assert found == Change("client", where, 0)


def test_another_model_is_a_change_of_the_clients() -> None:
    assert change(READ, READ, "n") == Change("client", "the model: m became n", 0)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("abc", "abcd", Change(None, "", 3)),
        ("abc", "abc", Change(None, "", 3)),
        ("abc", "ab", Change(None, "", 2)),
        ("abc", "abx", Change(None, "", 2)),  # asked anew
        ("abcde", "abx", Change(None, "", 2)),  # gone back, asked anew
        ("abc", "abxde", Change("client", "message 2 (user) edited", 2)),
        ("abcde", "axcde", Change("client", "message 1 (assistant) edited", 1)),
        ("abcde", "acde", Change("client", "message 1 (assistant) edited", 1)),
    ],
)
def test_an_edit_is_told_from_a_branch(before: str, now: str, expected: Change) -> None:
    assert change(outline(before), outline(now)) == expected


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({"p1": 7}, {"p1": 7}, Change(None, "", 3)),
        ({"p1": 7}, {"p1": 8}, Change("proxy", "message 1 (assistant)", 1)),
        ({"p1": 7}, {}, Change("proxy", "message 1 (assistant)", 1)),
        ({}, {"p2": 7}, Change("proxy", "message 2 (user)", 2)),
        ({}, {"p3": 7}, Change(None, "", 3)),
    ],
)
def test_what_we_sent_differently_is_ours(
    before: dict[str, int], now: dict[str, int], expected: Change
) -> None:
    assert change(outline("abc", **before), outline("abcd", **now)) == expected


@pytest.mark.parametrize(
    ("system", "where"),
    [("s", "the system prompt"), ("s t", "the system prompt, part 2 of 2")],
)
def test_a_system_prompt_that_we_sent_differently_is_named_as_such(system: str, where: str) -> None:
    found = change(outline("abc", system=system), outline("abcd", system=system, **{"p-1": 7}))

    assert found == Change("proxy", where, 0)


@pytest.mark.parametrize(
    ("before", "now", "what"),
    [
        ((b"a", b"a", b"a"), (b"b", b"a", b"a"), "a date or time changed"),
        ((b"a", b"a", b"a"), (b"b", b"b", b"a"), "a number or id changed"),
        ((b"a", b"a", b"a"), (b"b", b"b", b"b"), "changed"),
    ],
)
def test_what_changed_of_the_system_prompt_is_told_as_closely_as_it_is_known(
    before: tuple[bytes, bytes, bytes], now: tuple[bytes, bytes, bytes], what: str
) -> None:
    one, two = (replace(outline("a"), system=(SystemPart(*each),)) for each in (before, now))

    assert change(one, two) == Change("client", f"the system prompt: {what}", 0)


def test_the_first_of_two_changes_counts() -> None:
    edited = outline("abxd", p1=8, p2=9)

    assert change(outline("abcd", p1=7), edited).cause == "proxy"
    assert change(outline("abcd", p1=8, p2=7), edited).cause == "client"
