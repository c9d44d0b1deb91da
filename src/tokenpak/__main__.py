"""`python -m tokenpak` and the `tokenpak` command."""

from __future__ import annotations

from tokenpak.cli import main


def run() -> None:
    """Run the command line and exit with its code."""
    raise SystemExit(main())


if __name__ == "__main__":
    run()
