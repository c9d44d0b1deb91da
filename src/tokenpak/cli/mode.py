"""The option `--mode`, the same for every command that takes modes and combos."""

from __future__ import annotations

import click

from tokenpak.errors import ConfigError
from tokenpak.settings import PIPELINES, WHEN, Settings

mode_option = click.option(
    "--mode",
    metavar="MODE",
    help=f"When ({', '.join(WHEN)}) or how to compress ({', '.join(PIPELINES)}, or a combo), or "
    "both: strict/lite.",
)
"""Handed over as `mode`; commands give it to `checked`."""


def checked(mode: str, settings: Settings) -> Settings:
    """*settings* with *mode*. Raises BadParameter listing the modes and combos if it is none."""
    from tokenpak.policy import PolicyStore, with_mode

    try:
        return with_mode(PolicyStore(settings.home).current(), settings, mode)
    except ConfigError as error:
        raise click.BadParameter(str(error), param_hint="--mode") from error
