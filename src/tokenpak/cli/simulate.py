"""`tokenpak simulate`: what packing would have saved on the sessions that agents have kept."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from itertools import islice
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tokenpak.cli import render
from tokenpak.cli.mode import checked, mode_option

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tokenpak.settings import Settings
    from tokenpak.simulate.outcome import Figures
    from tokenpak.simulate.report import Report
    from tokenpak.simulate.run import Done

_PROJECTS, _KINDS, _UNREAD = 12, 12, 8
_LOST_LINES = 3


def _turns(context: click.Context, parameter: click.Parameter, value: str) -> int | None:
    if value == "every":
        return None
    if value.isdigit() and int(value):
        return int(value)
    raise click.BadParameter(f"{value!r} is neither 'every' nor a number from 1 on")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@mode_option
@click.option(
    "--turns",
    default="every",
    show_default=True,
    callback=_turns,
    help="Turns of each conversation to replay: every, or about how many.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 256), help="Processes; as many as there are cores unless set."
)
@click.option(
    "--html",
    "page_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a page with charts to this file.",
)
@click.option(
    "--top",
    type=click.IntRange(0),
    default=5,
    show_default=True,
    help="Conversations with lost facts to show.",
)
@render.json_option
def command(
    paths: tuple[Path, ...],
    mode: str | None,
    turns: int | None,
    jobs: int | None,
    page_path: Path | None,
    top: int,
    as_json: bool,
) -> int:
    """Replay recorded sessions through the packer, offline, and report what it would have saved.

    PATHS are transcripts of Claude Code, Codex, Gemini CLI, OpenCode or SWE-agent, logs of
    requests, or folders of them; without any, those that installed agents keep.

    \b
    Example:
      tokenpak simulate --html report.html
    """
    from tokenpak import settings
    from tokenpak.simulate.report import make_report
    from tokenpak.simulate.run import run
    from tokenpak.simulate.transcripts import find, installed, places

    found = find(paths) if paths else installed(Path.home())
    if not found:
        where = ", ".join(map(str, paths or places()))
        raise click.ClickException(f"no transcript found in {where}; name a file or a folder")
    chosen = _in_mode(settings.load(), mode)
    started = time.perf_counter()
    with _progress(len(found)) as on_done:
        done = run(
            found,
            chosen,
            turns=turns,
            jobs=jobs or os.cpu_count() or 1,
            raw_folder=chosen.raw_folder if chosen.recovery else None,
            on_done=on_done,
        )
    report = make_report(done, chosen, time.perf_counter() - started, top)
    if page_path:
        from tokenpak.simulate.page import page

        page_path.write_text(page(report), encoding="utf-8")
    if as_json:
        render.print_json(report.as_dict())
    else:
        _print(report)
        if page_path:
            click.echo(f"Page written to {page_path}")
    return 0 if report.total.turns else 1


def _in_mode(settings: Settings, mode: str | None) -> Settings:
    """*settings* in *mode*; without one in the default mode that was set while a proxy ran."""
    from tokenpak.policy import PolicyStore, check_pipeline

    policy = PolicyStore(settings.home).current()
    default = policy.settings.default_mode
    chosen = checked(default, settings) if default else settings
    chosen = checked(mode, chosen) if mode else chosen
    check_pipeline(policy, chosen)
    return chosen


@contextmanager
def _progress(files: int) -> Iterator[Callable[[Done], None] | None]:
    """A progress bar on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("files"),
        MofNCompleteColumn(),
        BarColumn(),
        TextColumn("{task.fields[turns]:,} turns, {task.fields[saved]:.1%} of the cost saved"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=files, turns=0, saved=0.0)
        sums = {"turns": 0.0, "direct": 0.0, "packed": 0.0}

        def show(done: Done) -> None:
            for each in done.outcomes:
                sums["turns"] += each.figures.turns
                sums["direct"] += each.figures.direct.billed
                sums["packed"] += each.figures.packed.billed
            saved = 1 - sums["packed"] / sums["direct"] if sums["direct"] else 0.0
            progress.update(task, advance=1, turns=int(sums["turns"]), saved=saved)

        yield show


def _print(report: Report) -> None:
    from tokenpak.simulate.report import notes

    total = report.total
    if total.turns:
        render.print_table(
            f"Conversations: {total.conversations:,}, turns: {total.turns:,}, "
            f"mode: {report.mode}, in {report.seconds:.1f} s",
            ("", "without", "with TokenPak", "change"),
            _overview(total),
        )
    else:
        click.echo("No conversation with a turn was found.")
    if len(report.projects) > 1:
        render.print_table(
            "By project, the dearest first",
            ("project", "sessions", "turns", "tokens", "cost", "saved", "facts"),
            _projects(report.projects),
        )
    if report.saved_by:
        taken = [(name, f"{tokens:,}") for name, tokens in report.saved_by.items()]
        render.print_table("By technique", ("technique", "tokens saved"), taken)
    paying = [
        (name, f"{each.direct:,}", f"{each.packed:,}", render.change(each.direct, each.packed))
        for name, each in report.kinds.items()
        if each.packed != each.direct
    ]
    if paying:
        columns = ("content", "tokens", "with", "change")
        render.print_table("Content that pays most", columns, paying[:_KINDS])
    _print_lost(report)
    for note in notes(report):
        click.echo(f"* {note}")
    for path, why in list(report.unread.items())[:_UNREAD]:
        click.echo(f"  {path}: {why}")
    if len(report.unread) > _UNREAD:
        click.echo(f"  … and {len(report.unread) - _UNREAD} more (--json names all)")


def _overview(total: Figures) -> list[Sequence[str]]:
    direct, packed = total.direct, total.packed
    rows: list[Sequence[str]] = [
        ("input tokens", *render.compared(direct.tokens, packed.tokens)),
        ("cost, in tokens at the base price", *render.compared(direct.billed, packed.billed)),
    ]
    if direct.usd:
        change = render.change(direct.usd, packed.usd)
        rows.append(("cost of the input", f"${direct.usd:,.2f}", f"${packed.usd:,.2f}", change))
    kept = f"{total.recall:.2%}" if total.facts else ""
    rows.append(("used-later facts", f"{total.facts:,}", f"{total.facts_kept:,}", kept))
    return rows


def _projects(figures: Mapping[str, Figures]) -> list[Sequence[str]]:
    """The first of *figures*, and the others summed up in one line."""
    rows = [_project(name, each) for name, each in islice(figures.items(), _PROJECTS)]
    others = list(figures.values())[_PROJECTS:]
    if others:
        rows.append(_project(f"{len(others):,} others", reduce(add, others)))
    return rows


def _project(name: str, each: Figures) -> Sequence[str]:
    return (
        name,
        f"{each.conversations:,}",
        f"{each.turns:,}",
        f"{each.direct.tokens / 1e6:,.1f} M",
        f"${each.direct.usd:,.2f}" if each.direct.usd else render.amount(None),
        f"{each.saved_cost:.1%}",
        f"{each.recall:.2%}" if each.facts else render.amount(None),
    )


def _print_lost(report: Report) -> None:
    if report.worst:
        click.echo("Facts that were not there word for word when the agent used them:")
    for each in report.worst:
        click.echo(f"  {each.project}: {each.name}, {len(each.lost)} of {each.figures.facts:,}")
        for lost in each.lost[:_LOST_LINES]:
            click.echo(f"    message {lost.used_at}, {lost.kind}: {lost.line or lost.fact}")
