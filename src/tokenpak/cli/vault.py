"""`tokenpak vault`: search the index, see what it holds, take a tree out, run it as a service."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from tokenpak.cli import Group, render, search


@click.group("vault", cls=Group)
def command() -> None:
    """The index of code and notes that `tokenpak index` makes.

    \b
    Example:
      tokenpak vault search allocate budget
    """


command.add_command(search.command)


@command.command()
@render.json_option
def status(as_json: bool) -> None:
    """Show which trees are indexed, and what they hold.

    \b
    Example:
      tokenpak vault status
    """
    from tokenpak.settings import load
    from tokenpak.vault.status import status as trees

    path = load().registry_path
    found = trees(path)
    if as_json:
        size = path.stat().st_size
        render.print_json({"index": path, "bytes": size, "trees": [asdict(each) for each in found]})
        return
    rows = [
        (
            each.path,
            f"{each.files:,}",
            f"{each.tokens:,}",
            f"{each.source_bytes / 1e6:,.1f}",
            f"{datetime.fromtimestamp(each.last_indexed, UTC):%Y-%m-%d %H:%M}"
            if each.last_indexed
            else "never finished",
        )
        for each in found
    ]
    render.print_table(
        f"{path}, {path.stat().st_size / 1e6:,.1f} MB",
        ("tree", "files", "tokens (estimate)", "MB", "last indexed (UTC)"),
        rows,
    )


@command.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--apply", is_flag=True, help="Do it; without this it only says what it would do.")
@render.json_option
def remove(path: Path, apply: bool, as_json: bool) -> None:
    """Take the tree at PATH out of the index; its files stay as they are.

    \b
    Example:
      tokenpak vault remove ~/src/old --apply
    """
    from tokenpak.errors import StoreError
    from tokenpak.settings import load
    from tokenpak.vault import status as trees

    index = load().registry_path
    if apply:
        files = trees.remove(index, path)
    else:
        known = {each.path: each for each in trees.status(index)}
        if str(path.resolve()) not in known:
            raise StoreError(f"{path}: is not indexed; indexed: {', '.join(known) or 'nothing'}")
        files = known[str(path.resolve())].files
    if as_json:
        render.print_json({"path": path.resolve(), "files": files, "removed": apply})
    else:
        done = "removed from the index" if apply else "would be removed; --apply does it"
        click.echo(f"{path.resolve()}: {files:,} files {done}")


@command.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--for",
    "system",
    type=click.Choice(("systemd", "launchd")),
    default="launchd" if sys.platform == "darwin" else "systemd",
    help="What is to run it; that of this machine unless set.",
)
@render.json_option
def service(paths: tuple[Path, ...], system: str, as_json: bool) -> None:
    """Print a unit that keeps PATHS indexed in the background; nothing is installed.

    \b
    Example:
      tokenpak vault service ~/notes > ~/.config/systemd/user/tokenpak-vault.service
    """
    from tokenpak.settings import load
    from tokenpak.vault.service import launchd_plist, systemd_unit

    home = load().home.absolute()
    roots = [str(each.expanduser().resolve()) for each in paths]
    run = [sys.executable, "-m", "tokenpak", "index", "--watch", *roots]
    environment = {"TOKENPAK_HOME": str(home)}
    if system == "systemd":
        unit = systemd_unit(run, environment)
        place = "~/.config/systemd/user/tokenpak-vault.service"
        then = "systemctl --user enable --now tokenpak-vault"
    else:
        unit = launchd_plist(run, environment, home / "vault.log")
        place = "~/Library/LaunchAgents/ai.tokenpak.vault.plist"
        then = f"launchctl load {place}"
    if as_json:
        render.print_json({"unit": unit, "place": place, "then": then})
        return
    click.echo(unit, nl=False)
    click.echo(f"Save it as {place}, then: {then}", err=True)
