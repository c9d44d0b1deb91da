"""The option --since."""

from __future__ import annotations

from datetime import UTC, datetime

import click
import pytest

from tokenpak.cli.since import since_option, since_when

NOW = datetime(2026, 3, 1, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("all", 0.0),
        ("30m", NOW - 1800),
        ("24h", NOW - 86400),
        ("7d", NOW - 7 * 86400),
        ("2w", NOW - 14 * 86400),
        ("2026-02-28", NOW - 86400),
        ("2026-03-01T01:00:00+01:00", NOW),
    ],
)
def test_since_is_an_age_a_date_or_all(text: str, expected: float) -> None:
    assert since_when(text, NOW) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "7", "d", "-1d", "7y", "9" * 400 + "d"])
def test_since_says_what_is_accepted(text: str) -> None:
    with pytest.raises(click.BadParameter, match="7d"):
        since_when(text, NOW)


@pytest.mark.parametrize(("text", "title"), [("all", "All requests"), ("24h", "Since 24h")])
def test_a_title_says_the_period(text: str, title: str) -> None:
    command = click.Command("x", callback=lambda since: since, params=[])
    found = since_option(command).main(["--since", text], standalone_mode=False)

    assert found.title == title
