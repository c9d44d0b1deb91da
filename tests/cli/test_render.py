"""How figures are printed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tokenpak.cli import render


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (0, "0"), (12840, "12,840"), (8.44, "8.4"), (3.0, "3")]
)
def test_amounts_have_separators_and_say_when_nothing_was_measured(
    value: float | None, text: str
) -> None:
    assert render.amount(value) == text


def test_a_loss_has_its_sign_before_the_dollar() -> None:
    assert (render.usd(0.5), render.usd(-0.00126)) == ("$0.5000", "-$0.0013")


def test_figures_are_compared_in_percent_unless_there_was_none() -> None:
    assert render.compared(2000, 1500) == ("2,000", "1,500", "-25.0%")
    assert render.compared(0, 5) == ("0", "5", "–")


def test_json_keeps_other_scripts_readable(capsys: pytest.CaptureFixture[str]) -> None:
    render.print_json({"name": "größer"})

    shown = capsys.readouterr().out
    assert "größer" in shown
    assert json.loads(shown) == {"name": "größer"}


def test_json_of_a_dataclass_holds_its_properties_too(capsys: pytest.CaptureFixture[str]) -> None:
    @dataclass
    class Square:
        side: int

        @property
        def area(self) -> int:
            return self.side**2

    render.print_json({"all": [Square(3)], "path": Path("a/b")})

    assert json.loads(capsys.readouterr().out) == {"all": [{"side": 3, "area": 9}], "path": "a/b"}


@pytest.mark.parametrize("text", ["[/x]", "app/[slug]", "[bold]model", "a\\[b]"])
def test_a_table_shows_what_looks_like_markup_to_the_letter(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    render.print_table(text, ("", "sum"), [(text, text)])

    assert capsys.readouterr().out.count(text) == 3


def test_no_cell_of_a_table_can_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    render.print_table("Sums", ("", "sum"), [("\x1b[2Jmodel\r\n", "1")])

    shown = capsys.readouterr().out
    assert "�[2Jmodel��" in shown
    assert "\x1b" not in shown


def test_figures_stand_at_the_right_and_words_at_the_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [("a", "1,000", "exact"), ("b", "–", "at least"), ("c", "-$2", "")]
    render.print_table("Sums", ("", "sum", "note"), rows)

    assert [each.rstrip() for each in capsys.readouterr().out.splitlines()[-4:-1]] == [
        "  a   1,000   exact",
        "  b       –   at least",
        "  c     -$2",
    ]


def test_a_table_prints_every_cell_whole(capsys: pytest.CaptureFixture[str]) -> None:
    render.print_table("Sums", ("", "sum"), [("tokens", "12,840")])

    shown = capsys.readouterr().out
    assert all(each in shown for each in ("Sums", "sum", "tokens", "12,840"))
