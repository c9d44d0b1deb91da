"""`tokenpak cache`: how much the providers' prompt caches served, and what broke them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from tokenpak.cli import render
from tokenpak.cli.since import Since, since_option

if TYPE_CHECKING:
    from tokenpak.telemetry.ledger_queries import CacheGroup, CacheReport


@click.command()
@since_option
@render.json_option
def command(since: Since, as_json: bool) -> None:
    """Show how much the providers' caches served, and what broke them.

    \b
    Example:
      tokenpak cache --since 24h
    """
    from tokenpak import settings
    from tokenpak.telemetry.ledger_queries import cache

    found = cache(settings.load().telemetry_path, since.start)
    if as_json:
        render.print_json(found)
    else:
        _print(found, since.title)


def _print(found: CacheReport, title: str) -> None:
    if not found.total.requests:
        click.echo(f"{title}: for {found.answered:,} answered requests no cache was reported.")
    else:
        columns = ("", "requests", "input tokens", "read", "written", "hit rate")
        render.print_table(title, columns, [_row(found.total)])
        for name, groups in (("By model", found.by_model), ("By client", found.by_client)):
            if len(groups) > 1:
                render.print_table(name, columns, [_row(each) for each in groups])
    if not found.by_cause:
        click.echo("No cache break was seen.")
        return
    causes = [(each.cause, f"{each.number:,}", f"{each.tokens:,}") for each in found.by_cause]
    render.print_table("Cache breaks by cause", ("cause", "breaks", "tokens not read"), causes)
    places = [
        (
            f"{each.cause}: {each.where or 'nothing that we or the client changed'}",
            f"{each.number:,}",
            f"{each.tokens:,}",
            f"{datetime.fromtimestamp(each.last, UTC):%Y-%m-%d %H:%M}",
        )
        for each in found.breaks
        if each.cause != "expired"
    ]
    if places:
        heads = ("what changed", "breaks", "tokens not read", "last (UTC)")
        render.print_table("What changed", heads, places)


def _row(group: CacheGroup) -> tuple[str, ...]:
    return (
        group.name,
        f"{group.requests:,}",
        f"{group.input_tokens:,}",
        f"{group.read_tokens:,}",
        f"{group.written_tokens:,}",
        f"{group.hit_rate:.1%}",
    )
