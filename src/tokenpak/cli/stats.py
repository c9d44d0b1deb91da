"""`tokenpak stats`: what passed through the proxy and what it saved."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tokenpak.cli import render
from tokenpak.cli.since import option as since_option
from tokenpak.cli.since import since_when
from tokenpak.cli.since import title as title_of

if TYPE_CHECKING:
    from tokenpak.telemetry.queries import Figure, Summary


@click.command()
@since_option
@render.json_option
def command(since: str, as_json: bool) -> None:
    """Show what passed through the proxy, what it cost and what was saved.

    \b
    Example:
      tokenpak stats --since 24h
    """
    start = since_when(since, time.time())

    from tokenpak.settings import load
    from tokenpak.telemetry.queries import summary

    found = summary(load().telemetry_path, start)
    if as_json:
        render.print_json(asdict(found) | {"savings_pct": found.savings_pct})
        return
    _print(found, since)


def _print(found: Summary, since: str) -> None:
    rows = [
        ("requests", render.amount(found.requests), _errors(found)),
        ("tokens from clients", *_tokens(found.tokens_raw)),
        (
            "tokens saved",
            *_tokens(found.tokens_saved, f"{found.savings_pct:.1f}% of the requests packed"),
        ),
        ("input tokens", *_tokens(found.input_tokens)),
        ("  read from the prompt cache", *_tokens(found.cache_read_tokens)),
        ("  written to it", *_tokens(found.cache_write_tokens)),
        ("output tokens", *_tokens(found.output_tokens)),
        ("cost", *_money(found.cost_usd)),
        ("saved by packing", *_money(found.savings_usd)),
        ("saved by the provider's cache", *_money(found.savings_cache_usd)),
    ]
    title = title_of(since)
    render.print_table(title, ("", "sum", "note"), rows)
    if found.saved_by:
        taken = [(name, f"{tokens:,}") for name, tokens in found.saved_by.items()]
        render.print_table("By technique", ("technique", "tokens saved"), taken)
    if found.cuts:
        cuts = [
            (kind, f"{number:,}", f"{found.fetched.get(kind, 0):,}")
            for kind, number in found.cuts.items()
        ]
        render.print_table("Cut, and asked for again", ("output", "cut", "asked for"), cuts)
    if len(found.by_mode) > 1 or found.by_combo:
        modes = [
            (each.name, f"{each.requests:,}", f"{each.tokens_raw:,}", f"{each.tokens_saved:,}")
            for each in (*found.by_mode, *found.by_combo)
        ]
        columns = ("mode or combo", "requests", "tokens", "tokens saved")
        render.print_table("By mode", columns, modes)
    if len(found.by_model) > 1:
        models = [
            (each.name, f"{each.requests:,}", f"{each.tokens_saved:,}", f"${each.cost_usd:.4f}")
            for each in found.by_model
        ]
        render.print_table("By model", ("model", "requests", "tokens saved", "cost"), models)


def _tokens(figure: Figure, note: str = "") -> tuple[str, str]:
    shown = render.amount(figure.value) if figure.requests else render.amount(None)
    return shown, "; ".join(each for each in (note, figure.note) if each)


def _money(figure: Figure) -> tuple[str, str]:
    return (f"${figure.value:.4f}" if figure.requests else render.amount(None)), figure.note


def _errors(found: Summary) -> str:
    return ", ".join(f"{number} × {code}" for code, number in found.errors_by_code.items())
