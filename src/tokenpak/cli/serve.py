"""`tokenpak serve`: the proxy in the foreground."""

from __future__ import annotations

import click

from tokenpak.settings import MODES


@click.command()
@click.option("--host", help="Address to listen on; 127.0.0.1 unless set.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 8766 unless set, 0 for any.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that share the port.")
@click.option("--mode", type=click.Choice(MODES), help="When or how to compress.")
def command(host: str | None, port: int | None, workers: int | None, mode: str | None) -> int:
    """Run the proxy until it is interrupted; it is ready when /healthz answers.

    \b
    Example:
      tokenpak serve --port 8766
    """
    from tokenpak.server import run
    from tokenpak.settings import load

    chosen = load(host=host, port=port, workers=workers)
    return run(chosen.with_mode(mode) if mode else chosen)
