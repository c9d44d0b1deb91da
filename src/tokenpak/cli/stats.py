"""`tokenpak stats`: what passed through the proxy and what it saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tokenpak.cli import render
from tokenpak.cli.since import Since, since_option

if TYPE_CHECKING:
    from tokenpak.telemetry.queries import Figure, Summary


@click.command()
@since_option
@render.json_option
def command(since: Since, as_json: bool) -> None:
    """Show what passed through the proxy, what it cost and what was saved.

    \b
    Example:
      tokenpak stats --since 24h
    """
    from tokenpak import settings
    from tokenpak.telemetry.queries import summary

    found = summary(settings.load().telemetry_path, since.start)
    if as_json:
        render.print_json(found)
    else:
        _print(found, since.title)


def _print(found: Summary, title: str) -> None:
    if not found.requests:
        click.echo(f"{title}: no request was recorded.")
        return
    packed = found.tokens_raw
    counted = f"{found.savings_pct:.1f}% of that; {found.tokens_saved.note}"
    rows = [
        ("requests", render.amount(found.requests), _errors(found)),
        ("  of these packed", render.amount(packed.requests), ""),
        (
            "  their tokens before",
            render.amount(packed.value),
            f"without tool definitions; {packed.note}",
        ),
        ("  tokens saved", render.amount(found.tokens_saved.value), counted),
        ("input tokens", *_reported(found.input_tokens, found)),
        ("  read from the prompt cache", *_reported(found.cache_read_tokens, found)),
        ("  written to it", *_reported(found.cache_write_tokens, found)),
        ("output tokens", *_reported(found.output_tokens, found)),
        ("cost", *_money(found.cost_usd, found)),
        ("saved by packing", *_money(found.savings_usd, found)),
        ("saved by the provider's cache", *_money(found.savings_cache_usd, found)),
    ]
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
        columns = ("mode or combo", "requests", "tokens before", "tokens saved")
        render.print_table("By mode", columns, modes)
    if len(found.by_model) > 1:
        models = [
            (each.name, f"{each.requests:,}", f"{each.tokens_saved:,}", render.usd(each.cost_usd))
            for each in found.by_model
        ]
        render.print_table("By model", ("model", "requests", "tokens saved", "cost"), models)


def _reported(figure: Figure, found: Summary) -> tuple[str, str]:
    shown = render.amount(figure.value if figure.requests else None)
    return shown, _note(figure, figure.note or "as reported", found)


def _money(figure: Figure, found: Summary) -> tuple[str, str]:
    shown = render.usd(figure.value) if figure.requests else render.amount(None)
    return shown, _note(figure, figure.note, found)


def _note(figure: Figure, note: str, found: Summary) -> str:
    """*note*, and of how many requests *figure* tells where it does not tell of all."""
    if figure.requests in (0, found.answered):
        return note
    return f"{note}; for {figure.requests:,} of {found.answered:,} answered requests"


def _errors(found: Summary) -> str:
    return ", ".join(f"{number} × {code}" for code, number in found.errors_by_code.items())
