"""Published address of `tokenpak.telemetry.completions`."""

from tokenpak.telemetry.completions import CostTracker

__all__ = ["CostTracker"]
