"""How commands print: tables for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
"""The `--json` flag, the same for every command; handed over as `as_json`."""


def print_json(value: object) -> None:
    """Print *value* as indented JSON; of a dataclass, its fields and then its properties."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: object) -> object:
    if not is_dataclass(value):
        return str(value)
    computed = [name for name, each in vars(type(value)).items() if isinstance(each, property)]
    return {name: getattr(value, name) for name in (*(f.name for f in fields(value)), *computed)}


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; columns of figures stand at the right.

    Cells may hold what others chose, such as the name of a model: they are shown to the letter,
    as no markup, and what would steer the terminal as `\N{REPLACEMENT CHARACTER}`.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [[_visible(cell) for cell in row] for row in rows]
    table = Table(title=Text(_visible(title)), title_justify="left", box=box.SIMPLE_HEAD)
    for place, column in enumerate(columns):
        figures = place and all(row[place][:1] in _BEGIN_FIGURES for row in cells)
        table.add_column(column, justify="right" if figures else "left", overflow="fold")
    for row in cells:
        table.add_row(*map(Text, row))
    Console().print(table)


_BEGIN_FIGURES = ("", "–", "$", "+", "-", *"0123456789")


def _visible(text: str) -> str:
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def amount(value: float | None, unit: str = "") -> str:
    """A figure with thousands separators; a dash where nothing was measured."""
    if value is None:
        return "–"
    return f"{value:,.0f}{unit}" if float(value).is_integer() else f"{value:,.1f}{unit}"


def usd(value: float) -> str:
    """A sum of money, a loss with its sign before the dollar."""
    return f"-${-value:.4f}" if value < 0 else f"${value:.4f}"


def change(before: float, after: float) -> str:
    """By how much *after* differs from *before*, in percent."""
    return f"{100 * (after - before) / before:+.1f}%" if before else amount(None)


def compared(before: float, after: float) -> tuple[str, str, str]:
    """Both figures, and the change."""
    return f"{before:,.0f}", f"{after:,.0f}", change(before, after)
