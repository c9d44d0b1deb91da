"""`tokenpak compress`: what packing does to a file, as a dry run."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import click

from tokenpak.cli import render
from tokenpak.settings import MODES


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--mode", type=click.Choice(MODES), help="When or how to compress.")
@click.option("--out", type=click.Path(dir_okay=False), help="Write the result to this file.")
@click.option("--diff", is_flag=True, help="Show what changed, line by line.")
@render.json_option
def command(file: str, mode: str | None, out: str | None, diff: bool, as_json: bool) -> None:
    """Show what packing does to FILE, or to standard input for -; nothing is sent.

    FILE is a text, a request body of any provider, or a Claude Code transcript (.jsonl).

    \b
    Example:
      tokenpak compress --mode strict request.json
    """
    from tokenpak.cli.dry_run import read, run
    from tokenpak.settings import load

    data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    chosen = load()
    result = run(read(data, file), chosen.with_mode(mode) if mode else chosen)
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
