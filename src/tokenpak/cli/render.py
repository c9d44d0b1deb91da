"""How commands print: tables for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
"""The `--json` flag, the same for every command; handed over as `as_json`."""


def print_json(value: Mapping[str, object]) -> None:
    """Print *value* as indented JSON."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; the first column is text, the others are figures."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def amount(value: float | None, unit: str = "") -> str:
    """A figure with thousands separators; a dash where nothing was measured."""
    if value is None:
        return "–"
    return f"{value:,.0f}{unit}" if float(value).is_integer() else f"{value:,.1f}{unit}"
