"""`tokenpak calibrate`: find and keep the number of processes that index fastest here."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from tokenpak.cli import render


@click.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--max-workers", type=click.IntRange(1, 64), default=8, show_default=True)
@render.json_option
def command(path: Path, max_workers: int, as_json: bool) -> None:
    """Measure with files below PATH how many processes index fastest, and keep the number.

    `tokenpak index` uses it until it is measured again.

    \b
    Example:
      tokenpak calibrate ~/src/project
    """
    from tokenpak.settings import load
    from tokenpak.vault.calibrate import Trial, calibrate, save

    def tried(trial: Trial) -> None:
        if not as_json:
            click.echo(
                f"{trial.workers:3} {'process' if trial.workers == 1 else 'processes'}: "
                f"{trial.duration_s:.2f} s, {trial.files_per_s:,.0f} files/s"
            )

    kept = load().calibration_path
    found = calibrate(path, max_workers, tried)
    save(found, kept)
    if as_json:
        render.print_json(asdict(found))
    else:
        click.echo(f"{found.workers} it is; kept in {kept}")
