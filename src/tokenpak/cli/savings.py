"""`tokenpak savings`: what requests cost, and what they would have cost without TokenPak."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tokenpak.cli import render
from tokenpak.cli.since import option as since_option
from tokenpak.cli.since import since_when
from tokenpak.cli.since import title as title_of

if TYPE_CHECKING:
    from tokenpak.telemetry.ledger_queries import CostGroup, EpochCost, Savings

_WHY = {"sum": "it pays", "cold": "nothing was cached", "window": "the window was nearly full"}


@click.command()
@since_option
@render.json_option
def command(since: str, as_json: bool) -> None:
    """Show what requests cost, and what the client's own would have cost.

    \b
    Example:
      tokenpak savings --since 24h
    """
    start = since_when(since, time.time())

    from tokenpak import settings
    from tokenpak.telemetry.ledger_queries import savings

    found = savings(settings.load().telemetry_path, start)
    if as_json:
        render.print_json(_json(found))
        return
    _print(found, since)


def _json(found: Savings) -> dict[str, object]:
    groups = ("by_day", "by_model", "by_client")
    return asdict(found) | {
        "total": _with_savings(found.total),
        **{name: [_with_savings(each) for each in getattr(found, name)] for name in groups},
        "epochs": [asdict(each) | {"paid_back": each.paid_back} for each in found.epochs],
    }


def _with_savings(group: CostGroup) -> dict[str, object]:
    return asdict(group) | {"savings_usd": group.savings_usd}


def _print(found: Savings, since: str) -> None:
    title = title_of(since)
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
            ("TokenPak", _usd(who.proxy_usd)),
            ("the provider's cache, by the client's markers", _usd(who.client_usd)),
            ("the provider's cache, unclassified", _usd(who.unclassified_usd)),
        ],
    )
    _print_epochs(found)
    for note in _notes(found):
        click.echo(note)


def _print_epochs(found: Savings) -> None:
    if found.epochs:
        render.print_table(
            "Epochs: old results that went, and what writing the rest again cost",
            ("began", "why", "freed", "rewritten", "cost", "spared since", "turns", "paid back"),
            [_epoch(each) for each in found.epochs],
        )


def _epoch(each: EpochCost) -> Sequence[str]:
    paid = {True: "yes", False: "not yet", None: "unknown"}[each.paid_back]
    return (
        time.strftime("%Y-%m-%d %H:%M", time.localtime(each.timestamp)),
        _WHY.get(each.why, each.why),
        f"{each.freed:,}",
        f"{each.rewritten:,}",
        "" if each.cost_usd is None else _usd(each.cost_usd),
        _usd(each.returned_usd),
        f"{each.turns:,}",
        paid,
    )


def _row(name: str, group: CostGroup) -> Sequence[str]:
    share = group.savings_usd / group.cost_unpacked_usd if group.cost_unpacked_usd else 0.0
    return (
        name,
        f"{group.requests:,}",
        _usd(group.cost_usd),
        _usd(group.cost_unpacked_usd),
        _usd(group.savings_usd),
        f"{share:.1%}",
    )


def _usd(value: float) -> str:
    return f"-${-value:.4f}" if value < 0 else f"${value:.4f}"


def _notes(found: Savings) -> list[str]:
    notes = [f"Prices of {found.prices_of}."]
    if found.estimates:
        notes.append(
            f"{found.estimates:,} savings are estimates: what was removed is counted in o200k "
            "and converted to the model's tokens, or lies in a part cached in steps."
        )
    if found.at_least:
        notes.append(f"{found.at_least:,} savings are at least that much.")
    unknown = found.answered - found.total.requests
    if unknown:
        notes.append(f"{unknown:,} answered requests without reported usage or price are left out.")
    return notes
