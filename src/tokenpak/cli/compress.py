"""`tokenpak compress`: what packing does to a file, as a dry run."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import click

from tokenpak.cli import render
from tokenpak.cli.mode import checked, mode_option


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@mode_option
@click.option("--command", "line", help="The command that printed FILE, a text.")
@click.option("--recipe", help="The recipe whose directives apply; see tokenpak template list.")
@click.option("--out", type=click.Path(dir_okay=False), help="Write the result to this file.")
@click.option("--diff", is_flag=True, help="Show what changed, line by line.")
@render.json_option
def command(
    file: str,
    mode: str | None,
    line: str | None,
    recipe: str | None,
    out: str | None,
    diff: bool,
    as_json: bool,
) -> None:
    """Show what packing does to FILE, or to standard input for -; nothing is sent.

    FILE is a text, a request body of any provider, or a Claude Code transcript (.jsonl).

    \b
    Example:
      tokenpak compress --mode strict request.json
      tokenpak compress --mode standard --diff prompt.txt
      tokenpak compress --mode rtk --command "npm test" output.txt
    """
    from tokenpak.cli.dry_run import read, run
    from tokenpak.cli.template_trial import named
    from tokenpak.settings import load

    data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    settings = load()
    if mode:
        checked(mode, settings)
    followed = named(recipe, settings) if recipe else None
    name = "standard input" if file == "-" else file
    result = run(read(data, name), settings, mode, followed, line)
    if out:
        _write(Path(out), result.output)
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


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be written: {error.strerror}") from error
