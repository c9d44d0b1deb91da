"""`tokenpak config`: the settings in force."""

from __future__ import annotations

import os
from dataclasses import fields

import click

from tokenpak.cli import Group, render
from tokenpak.settings import Settings


@click.group(cls=Group)
def command() -> None:
    """Show the settings in force and where they come from.

    \b
    Example:
      tokenpak config show
    """


@command.command()
@render.json_option
def show(as_json: bool) -> None:
    """Show every setting, its value, and what gives it: a variable or the file.

    \b
    Example:
      tokenpak config show --json
    """
    from tokenpak.settings import load, sources

    current, given = load(), sources()
    values = {each.name: _shown(each.name, getattr(current, each.name)) for each in fields(current)}
    file = str(current.config_path)
    if as_json:
        render.print_json({"file": file, "settings": values, "sources": given})
        return
    rows = [
        (name, _written(value), given.get(name, "default").replace(file, "config.toml"))
        for name, value in values.items()
    ]
    render.print_table("Settings", ("setting", "value", "from"), rows)
    click.echo(f"File: {file}")
    _tell_policy(current)


def _written(value: object) -> str:
    """A value as `config.toml` would have it, but for the quotes."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _tell_policy(settings: Settings) -> None:
    """Say where what was set while a proxy ran goes before the settings."""
    from tokenpak.policy import PolicyStore

    store = PolicyStore(settings.home)
    policy = store.current().settings
    if not policy.enabled:
        click.echo(f"{store.path} sets enabled to false: nothing is done to any request.")
    elif policy.default_mode is not None:
        mode = policy.default_mode
        click.echo(f"{store.path} sets defaultMode to {mode!r}, which goes before pipeline.")


def _shown(name: str, value: object) -> object:
    """The value as it may be printed: a secret only says that it is set."""
    if name == "auth_token":
        return "(set)" if value else ""
    if name.endswith("_proxy"):
        from tokenpak.proxy.outbound import without_user

        return without_user(str(value))
    return os.fspath(value) if isinstance(value, os.PathLike) else value
