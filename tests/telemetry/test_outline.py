"""A request as the ledger keeps it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.telemetry.exchanges import trail
from tokenpak.telemetry.outline import Outline, Outliner


def outline(system: tuple[str, ...] = (), tools: Any = None, **fields: Any) -> Outline:
    return Outliner().outline(
        trail(
            digests=(*(each.encode() for each in system), b"one", b"two"),
            system=tuple(json.dumps(each).encode() for each in system),
            tools=b"" if tools is None else json.dumps(tools).encode(),
            **fields,
        )
    )


@pytest.mark.parametrize(
    ("tools", "names"),
    [
        (None, []),
        ([], []),
        ([{"name": "Read", "input_schema": {}}, {"type": "web_search"}], ["Read", "web_search"]),
        ([{"type": "function", "function": {"name": "ls"}}], ["ls"]),
        ([{"functionDeclarations": [{"name": "a"}, {"name": "b"}]}], ["a", "b"]),
        ([{"function_declarations": [{"name": "a"}]}, {"googleSearch": {}}], ["a", ""]),
        (["odd", 1], ["", ""]),
        ({"name": "alone"}, ["alone"]),
    ],
)
def test_tools_of_every_format_have_their_names(tools: Any, names: list[str]) -> None:
    assert [each.name for each in outline(tools=tools).tools] == names


def test_tools_that_cannot_be_read_are_one() -> None:
    found = Outliner().outline(trail(tools=b"[{"))

    assert len(found.tools) == 1


def test_parts_are_numbered_behind_the_system_prompts() -> None:
    found = outline(("a", "b"), sent={3: 7})

    assert found.messages == (b"one", b"two")
    assert found.sent == {1: 7}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Today is 2026-11-21.", "Today is 2026-11-22."),
        ("Now: 2026-11-21T04:34:56.250Z", "Now: 2026-11-21T04:35:01.002Z"),
        ("Date: Friday, 21 November 2026", "Date: Saturday, 22 November 2026"),
        ("It is Nov 21, 2026", "It is Dec 1st, 2026"),
        ("Today's date is 11/21/2026.", "Today's date is 1/2/2027."),
        ("at 4:05 PM", "at 11:15 am"),
    ],
)
def test_a_date_or_time_can_be_told_from_other_changes(before: str, after: str) -> None:
    one, two = outline((before,)).system[0], outline((after,)).system[0]

    assert one.digest != two.digest
    assert one.undated == two.undated


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("cch=a41f93;", "cch=09be7d;"),
        (
            "session 018f6e0e-0000-7000-8000-000000000001",
            "session 018f6e0e-0000-7000-8000-0000000000ff",
        ),
        ("12 files", "9 files"),
    ],
)
def test_a_number_or_id_can_be_told_from_other_changes(before: str, after: str) -> None:
    one, two = outline((before,)).system[0], outline((after,)).system[0]

    assert one.undated != two.undated
    assert one.unnumbered == two.unnumbered


def test_other_words_are_another_prompt() -> None:
    assert outline(("a cat",)).system[0].unnumbered != outline(("a dog",)).system[0].unnumbered
