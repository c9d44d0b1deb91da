"""Values of any shape, looked at without a fall."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokenpak.simulate.formats.base import as_dict, as_list, as_text, as_time, named


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, True])
def test_what_is_not_of_the_kind_is_empty(value: object) -> None:
    assert as_dict(value) == {}
    assert as_list(value) == []
    assert as_text(value) == ("x" if value == "x" else None)


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("1970-01-01T00:00:10Z", 10.0),
        ("1970-01-01T00:00:10.500+00:00", 10.5),
        (10_000, 10.0),
        ("soon", None),
        (None, None),
        (True, None),
    ],
)
def test_times_are_seconds(value: object, time: float | None) -> None:
    assert as_time(value) == time


def test_a_project_below_the_home_folder_is_named_from_there() -> None:
    home = str(Path.home())

    assert named(f"{home}/src/app", Path("x/y.json")) == "~/src/app"
    assert named(f"{home}2/app", Path("x/y.json")) == f"{home}2/app"
    assert named(None, Path("x/y.json")) == "x"
