"""The option `--since` of every command that sums recorded requests."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import NamedTuple

import click

_UNITS_S = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


class Since(NamedTuple):
    """Since when requests are summed up."""

    start: float
    """Seconds since the epoch."""
    title: str
    """What a table of that period is called."""


def _since(context: click.Context, parameter: click.Parameter, text: str) -> Since:
    return Since(
        since_when(text, time.time()), "All requests" if text == "all" else f"Since {text}"
    )


since_option = click.option(
    "--since",
    default="7d",
    show_default=True,
    callback=_since,
    help="30m, 24h, 7d, 2w ago, a date (UTC), or all.",
)
"""Handed over as `since`, a `Since`."""


def since_when(text: str, now: float) -> float:
    """Seconds since the epoch of `30m`, `24h`, `7d`, `2w` ago, of a date, or 0 for `all`.

    Raises BadParameter saying what is accepted.
    """
    if text == "all":
        return 0.0
    ago = re.fullmatch(r"(\d{1,6})([mhdw])", text)
    if ago:
        return now - int(ago[1]) * _UNITS_S[ago[2]]
    try:
        day = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is none of 30m, 24h, 7d, 2w, 2026-01-31 or all", param_hint="--since"
        ) from error
    return (day if day.tzinfo else day.replace(tzinfo=UTC)).timestamp()
