"""`tokenpak config`: the settings in force."""

from __future__ import annotations

import os
from dataclasses import fields

import click

from tokenpak.cli import render


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Show the settings in force and where they come from.

    \b
    Example:
      tokenpak config show
    """


@command.command()
@render.json_option
def show(as_json: bool) -> None:
    """Show every setting, its value and the variable that sets it.

    \b
    Example:
      tokenpak config show --json
    """
    from tokenpak.settings import load

    current = load()
    values = {each.name: _shown(each.name, getattr(current, each.name)) for each in fields(current)}
    if as_json:
        render.print_json({"file": str(current.config_path), "settings": values})
        return
    rows = [(each.name, str(values[each.name]), each.metadata["env"]) for each in fields(current)]
    render.print_table("Settings", ("setting", "value", "variable"), rows)
    click.echo(f"File: {current.config_path}")


def _shown(name: str, value: object) -> object:
    """The value as it may be printed: a secret only says that it is set."""
    if name == "auth_token":
        return "(set)" if value else ""
    return os.fspath(value) if isinstance(value, os.PathLike) else value
