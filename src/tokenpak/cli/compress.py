"""`tokenpak compress`: what packing does to a file, as a dry run."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import click

from tokenpak.cli import render
from tokenpak.errors import ConfigError
from tokenpak.settings import Settings


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--mode", help="When or how to compress: a mode, or the id or name of a combo.")
@click.option("--recipe", help="The recipe whose directives apply; see tokenpak template list.")
@click.option("--out", type=click.Path(dir_okay=False), help="Write the result to this file.")
@click.option("--diff", is_flag=True, help="Show what changed, line by line.")
@render.json_option
def command(
    file: str, mode: str | None, recipe: str | None, out: str | None, diff: bool, as_json: bool
) -> None:
    """Show what packing does to FILE, or to standard input for -; nothing is sent.

    FILE is a text, a request body of any provider, or a Claude Code transcript (.jsonl).

    \b
    Example:
      tokenpak compress --mode strict request.json
    """
    from tokenpak.cli.dry_run import read, run
    from tokenpak.cli.template_trial import named
    from tokenpak.settings import load

    data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    settings = load()
    if mode:
        _check(mode, settings)
    followed = named(recipe, settings) if recipe else None
    result = run(read(data, file), settings, mode, followed)
    if out:
        Path(out).write_bytes(result.output)
    if as_json:
        render.print_json(result.figures())
        return
    click.echo(result.summary())
    if diff:
        for before, after in result.changes:
            lines = difflib.unified_diff(
                before.splitlines(), after.splitlines(), "before", "after", lineterm=""
            )
            click.echo("\n" + "\n".join(lines))


def _check(mode: str, settings: Settings) -> None:
    """Raises BadParameter listing the modes and combos if *mode* is none."""
    from tokenpak.policy import PolicyStore, choose

    try:
        choose(PolicyStore(settings.home).current(), settings, mode)
    except ConfigError as error:
        raise click.BadParameter(str(error), param_hint="--mode") from error
