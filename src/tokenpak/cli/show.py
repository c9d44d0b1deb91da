"""`tokenpak show`: what was left out of a conversation, as it was kept."""

from __future__ import annotations

import re

import click

from tokenpak.cli import render


def line_range(text: str) -> tuple[int, int | None]:
    """The first and last line of `40-92`, `40-` (to the end) or `40`; lines count from 1.

    Raises BadParameter saying what is accepted.
    """
    match = re.fullmatch(r"(\d+)(-(\d*))?", text)
    if match is None:
        raise click.BadParameter(f"{text!r} is none of 40-92, 40- or 40", param_hint="--lines")
    first = int(match[1])
    last = (int(match[3]) if match[3] else None) if match[2] else first
    if first < 1 or (last is not None and last < first):
        raise click.BadParameter(f"{text!r}: lines count from 1, upwards", param_hint="--lines")
    return first, last


@click.command()
@click.argument("id")
@click.option("--lines", default="1-", help="Print these lines only: 40-92, 40- or 40.")
@render.json_option
def command(id: str, lines: str, as_json: bool) -> None:
    """Show the raw output ID that a marker names; its secrets are taken out.

    \b
    Example:
      tokenpak show 0123456789abcdef --lines 40-92
    """
    first, last = line_range(lines)

    from tokenpak import settings
    from tokenpak.recovery import RecoveryStore

    current = settings.load()
    days = current.recovery_days
    store = RecoveryStore(current.raw_folder, current.recovery_mb << 20, days * 86_400.0)
    text = store.get(id)
    if text is None:
        raise click.ClickException(
            f"no raw output {id!r} in {current.raw_folder}: an id has 16 hexadecimal digits, and "
            f"what it names is kept for {days} days"
        )
    found = text.split("\n")
    total = len(found) - (found[-1] == "")
    if first > max(total, 1):
        raise click.ClickException(f"raw output {id} has {total} lines, none is number {first}")
    part = "\n".join(found[first - 1 : last])
    if as_json:
        shown = {"first": first, "last": min(last or total, total), "lines": total}
        render.print_json({"id": id, **shown, "text": part})
    else:
        # Half of a surrogate pair, which JSON allows, cannot be printed.
        shown_text = part.encode("utf-8", "replace").decode()
        click.echo(shown_text, nl=not part.endswith("\n"))
