"""`tokenpak demo`: what packing saves, shown on a recorded session without key or network."""

from __future__ import annotations

import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tokenpak.cli import render
from tokenpak.settings import MODES

if TYPE_CHECKING:
    from tokenpak.demo.provider import Arrival
    from tokenpak.demo.report import Report
    from tokenpak.demo.session import Session

NEXT = """\
Next, with a client of your own:
  {program} serve
  ANTHROPIC_BASE_URL=http://127.0.0.1:8766 claude
  OPENAI_BASE_URL=http://127.0.0.1:8766/v1 python your_agent.py
Then `{program} stats` shows what passed and what it saved."""


@click.command()
@click.option(
    "--session",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Replay this session file or Claude Code transcript instead.",
)
@click.option("--mode", type=click.Choice(MODES), help="When or how to compress.")
@render.json_option
def command(path: Path | None, mode: str | None, as_json: bool) -> int:
    """Replay a recorded session turn by turn, straight to a simulated provider and through the
    real proxy, and compare what it would have cost. Needs no key and no network.

    \b
    Example:
      tokenpak demo --json
    """
    from tokenpak.demo.run import run
    from tokenpak.demo.session import load

    session = load(path)
    report = run(session, mode) if as_json else _run_with_progress(session, mode)
    if as_json:
        render.print_json(asdict(report))
    else:
        _print(report)
    return 1 if report.errors or report.packed.refused > report.direct.refused else 0


def _run_with_progress(session: Session, mode: str | None) -> Report:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from tokenpak.demo.run import run

    click.echo(_introduction(session))
    columns = (
        TextColumn("turn"),
        MofNCompleteColumn(),
        BarColumn(),
        TextColumn("{task.fields[packed]} of {task.fields[direct]} tokens sent"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(session.turns()), packed="0", direct="0")
        sums = {"direct": 0, "packed": 0}

        def show(direct: Arrival, packed: Arrival) -> None:
            sums["direct"] += direct.charge.tokens if direct.charge else 0
            sums["packed"] += packed.charge.tokens if packed.charge else 0
            progress.update(
                task, advance=1, direct=f"{sums['direct']:,}", packed=f"{sums['packed']:,}"
            )

        return run(session, mode, show)


def _introduction(session: Session) -> str:
    recorded = f" recorded in {session.source}" if session.source else ""
    return (
        f"Replaying {session.name}{recorded}: {len(session.turns())} turns of {session.model}.\n"
        "Each request goes straight to a simulated provider, and to another one through the proxy."
    )


def _print(report: Report) -> None:
    direct, packed = report.direct, report.packed
    rows = [
        ("input tokens", *render.compared(direct.tokens, packed.tokens)),
        (
            "  read from the prompt cache",
            *render.compared(direct.cache_read_tokens, packed.cache_read_tokens),
        ),
        ("  written to it", *render.compared(direct.cache_write_tokens, packed.cache_write_tokens)),
        ("  uncached", *render.compared(direct.uncached_tokens, packed.uncached_tokens)),
        (
            "billed, in tokens at the base price",
            *render.compared(direct.billed_tokens, packed.billed_tokens),
        ),
    ]
    if direct.cost_usd is not None and packed.cost_usd is not None:
        rows.append(
            (
                f"input cost, {report.model}",
                f"${direct.cost_usd:.4f}",
                f"${packed.cost_usd:.4f}",
                render.change(direct.cost_usd, packed.cost_usd),
            )
        )
    rows += [
        ("sent before, unchanged", f"{direct.stable:.2%}", f"{packed.stable:.2%}", ""),
        ("requests refused", str(direct.refused), str(packed.refused), ""),
        ("added per request, median", "", f"{report.added_ms:.1f} ms", ""),
    ]
    render.print_table(f"{report.turns} turns", ("", "direct", "with TokenPak", "change"), rows)
    if report.saved_by:
        taken = [(name, f"{tokens:,}") for name, tokens in report.saved_by.items()]
        render.print_table("What was packed", ("technique", "tokens saved"), taken)
    else:
        click.echo("Nothing was packed.")
    click.echo(NEXT.format(program=_program()))


def _program() -> str:
    """How the user calls this program from where they are."""
    called = Path(sys.argv[0])
    if called.name != "tokenpak" or shutil.which("tokenpak") == str(called):
        return "tokenpak"
    here = Path.cwd()
    return str(called.relative_to(here)) if called.is_relative_to(here) else str(called)
