"""How figures are printed."""

from __future__ import annotations

import json

import pytest

from tokenpak.cli import render


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (0, "0"), (12840, "12,840"), (8.44, "8.4"), (3.0, "3")]
)
def test_amounts_have_separators_and_say_when_nothing_was_measured(
    value: float | None, text: str
) -> None:
    assert render.amount(value) == text


def test_json_keeps_other_scripts_readable(capsys: pytest.CaptureFixture[str]) -> None:
    render.print_json({"name": "größer"})

    shown = capsys.readouterr().out
    assert "größer" in shown
    assert json.loads(shown) == {"name": "größer"}


def test_a_table_prints_every_cell_whole(capsys: pytest.CaptureFixture[str]) -> None:
    render.print_table("Sums", ("", "sum"), [("tokens", "12,840")])

    shown = capsys.readouterr().out
    assert all(each in shown for each in ("Sums", "sum", "tokens", "12,840"))
