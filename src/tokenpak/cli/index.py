"""`tokenpak index`: bring the index of code and notes up to date, once or as they change."""

from __future__ import annotations

import signal
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tokenpak.cli import render

if TYPE_CHECKING:
    from tokenpak.vault.indexer import Options, Report


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; as calibrated unless set.")
@click.option("--watch", "watching", is_flag=True, help="Keep on indexing what changes.")
@click.option("--rehash", is_flag=True, help="Read every file, also where it seems untouched.")
@click.option("--fast", is_flag=True, help="Find symbols by patterns alone, in any language.")
@click.option("--verbose", is_flag=True, help="Tell which files are skipped, and why.")
@render.json_option
def command(
    paths: tuple[Path, ...],
    workers: int | None,
    watching: bool,
    rehash: bool,
    fast: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Index the code and notes below PATHS, or bring their index up to date.

    What `.gitignore`, `.ignore` and `.tokenpakignore` name is left out, and binary, generated,
    secret and large files. No content is stored: names that files define, headings, and which
    words explain them.

    \b
    Example:
      tokenpak index ~/src/project --watch
    """
    from tokenpak.settings import load
    from tokenpak.vault import calibrate
    from tokenpak.vault.indexer import Options

    settings = load()
    options = Options(
        workers=workers or calibrate.workers(settings.calibration_path),
        exact=not fast,
        rehash=rehash,
        progress=_progress if sys.stderr.isatty() else _silent,
        waiting=lambda holder: click.echo(f"waiting for another indexer ({holder}) …", err=True),
    )
    if watching:
        _watch(settings.registry_path, paths, options, verbose, as_json)
        return
    from tokenpak.vault.indexer import index

    reports = [index(settings.registry_path, path, options) for path in paths]
    if as_json:
        render.print_json({"roots": [_json(each, verbose) for each in reports]})
        return
    for each in reports:
        _print(each, verbose)


def _watch(
    index_path: Path, paths: tuple[Path, ...], options: Options, verbose: bool, as_json: bool
) -> None:
    from tokenpak.vault.watch import watch

    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }

    def indexed(report: Report) -> None:
        if as_json:
            import json

            click.echo(json.dumps(_json(report, verbose)))
        else:
            _print(report, verbose)
        sys.stdout.flush()

    try:
        watch(index_path, paths, options, indexed, lambda text: click.echo(text, err=True), stop)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _json(report: Report, verbose: bool) -> dict[str, object]:
    shown = asdict(report)
    shown["skipped"] = [each._asdict() for each in report.skipped] if verbose else None
    return shown | {"skipped_by_reason": report.skipped_by_reason}


def _print(report: Report, verbose: bool) -> None:
    counts = ("new", "changed", "renamed", "removed")
    done = ", ".join(
        f"{getattr(report, name):,} {name}" for name in counts if getattr(report, name)
    )
    files = "file" if report.files == 1 else "files"
    click.echo(
        f"{report.root}: {report.files:,} {files}, {done or 'nothing changed'}; "
        f"{report.duration_s:.2f} s"
    )
    if report.skipped and not verbose:
        reasons = (f"{number:,} {reason}" for reason, number in report.skipped_by_reason.items())
        click.echo(f"  skipped: {', '.join(reasons)} (--verbose names them)")
    for each in report.skipped if verbose else ():
        click.echo(f"  skipped ({each.reason}): {each.path}")


def _progress(done: int, total: int) -> None:
    end = "\n" if done == total else ""
    click.echo(f"\r{done:,} of {total:,} files read", nl=False, err=True)
    click.echo(end, nl=False, err=True)


def _silent(done: int, total: int) -> None:
    """No progress where nobody looks."""
