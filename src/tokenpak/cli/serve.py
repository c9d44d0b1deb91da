"""`tokenpak serve`: the proxy in the foreground."""

from __future__ import annotations

import click

from tokenpak.cli.mode import checked, mode_option
from tokenpak.settings import Settings, parted


@click.command()
@click.option("--host", help="Address to listen on; 127.0.0.1 unless set.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 8766 unless set, 0 for any.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that share the port.")
@mode_option
def command(host: str | None, port: int | None, workers: int | None, mode: str | None) -> int:
    """Run the proxy until it is interrupted; it is ready when /healthz answers.

    \b
    Example:
      tokenpak serve --port 8766
    """
    from tokenpak.server import run
    from tokenpak.settings import load

    chosen = load(host=host, port=port, workers=workers)
    if mode:
        chosen = checked(mode, chosen)
        _warn(mode, chosen)
    return run(chosen)


def _warn(mode: str, settings: Settings) -> None:
    """Say where a default set while a proxy ran goes before --mode."""
    from tokenpak.policy import PolicyStore

    store = PolicyStore(settings.home)
    default = store.current().settings.default_mode
    if default is not None and parted(mode)[1] not in (None, default):
        click.echo(
            f"tokenpak: {store.path} sets defaultMode to {default!r}, which goes before --mode; "
            "set it to null to change that",
            err=True,
        )
