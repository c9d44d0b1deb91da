"""`tokenpak savings`: what requests cost, and what they would have cost without TokenPak."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tokenpak.cli import render
from tokenpak.cli.since import Since, since_option

if TYPE_CHECKING:
    from tokenpak.telemetry.ledger_queries import CostGroup, EpochCost, Savings

_WHY = {"sum": "it pays", "cold": "nothing was cached", "window": "the window was nearly full"}


@click.command()
@since_option
@render.json_option
def command(since: Since, as_json: bool) -> None:
    """Show what requests cost, and what the client's own would have cost.

    \b
    Example:
      tokenpak savings --since 24h
    """
    from tokenpak import settings
    from tokenpak.telemetry.ledger_queries import savings

    found = savings(settings.load().telemetry_path, since.start)
    if as_json:
        render.print_json(found)
    else:
        _print(found, since.title)


def _print(found: Savings, title: str) -> None:
    if not found.total.requests:
        click.echo(f"{title}: of {found.answered:,} answered requests no cost is known.")
        return
    columns = ("", "requests", "cost", "without TokenPak", "saved", "")
    render.print_table(title, columns, [_row("all", found.total)])
    for name, groups in (
        ("By day", found.by_day),
        ("By model", found.by_model),
        ("By client", found.by_client),
    ):
        if len(groups) > 1:
            render.print_table(name, columns, [_row(each.name, each) for each in groups])
    who = found.attribution
    render.print_table(
        "Who saved (never added up)",
        ("", "USD"),
        [
            ("TokenPak", render.usd(who.proxy_usd)),
            ("the provider's cache, by the client's markers", render.usd(who.client_usd)),
            ("the provider's cache, unclassified", render.usd(who.unclassified_usd)),
        ],
    )
    _print_epochs(found)
    for note in _notes(found):
        click.echo(note)


def _print_epochs(found: Savings) -> None:
    if found.epochs:
        render.print_table(
            "Epochs: old results that went, and what writing the rest again cost",
            (
                "began (UTC)",
                "why",
                "freed",
                "rewritten",
                "cost",
                "spared since",
                "turns",
                "paid back",
            ),
            [_epoch(each) for each in found.epochs],
        )


def _epoch(each: EpochCost) -> Sequence[str]:
    paid = {True: "yes", False: "not yet", None: "unknown"}[each.paid_back]
    return (
        time.strftime("%Y-%m-%d %H:%M", time.gmtime(each.timestamp)),
        _WHY.get(each.why, each.why),
        f"{each.freed:,}",
        f"{each.rewritten:,}",
        "" if each.cost_usd is None else render.usd(each.cost_usd),
        render.usd(each.returned_usd),
        f"{each.turns:,}",
        paid,
    )


def _row(name: str, group: CostGroup) -> Sequence[str]:
    share = group.savings_usd / group.cost_unpacked_usd if group.cost_unpacked_usd else 0.0
    return (
        name,
        f"{group.requests:,}",
        render.usd(group.cost_usd),
        render.usd(group.cost_unpacked_usd),
        render.usd(group.savings_usd),
        f"{share:.1%}",
    )


def _notes(found: Savings) -> list[str]:
    notes = [f"Prices of {found.prices_of}."]
    if found.estimates:
        notes.append(
            f"Savings that are estimates: {found.estimates:,}. What was removed is counted in "
            "o200k and converted to the model's tokens, or lies in a part cached in steps."
        )
    if found.at_least:
        notes.append(f"Savings that are at least that much: {found.at_least:,}.")
    unknown = found.answered - found.total.requests
    if unknown:
        notes.append(f"Left out, without reported usage or price: {unknown:,} answered requests.")
    return notes
