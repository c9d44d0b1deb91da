"""What each request was, cost and saved: one row of facts a request, nothing of its content."""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Published name -> the module that holds it, and its name there where it has another. Loaded on
# first use.
_HOMES = {
    "AdapterRegistry": "tokenpak.telemetry.adapters",
    "CacheManager": "tokenpak.telemetry.cache:CacheStore",
    "CanonicalRequest": "tokenpak.canonical",
    "CanonicalResponse": "tokenpak.canonical",
    "CanonicalUsage": "tokenpak.canonical",
    "CompletionTracker": "tokenpak.telemetry.completions:CostTracker",
    "Confidence": "tokenpak.canonical",
    "TelemetryCollector": "tokenpak.telemetry.watching",
    "UsageSource": "tokenpak.canonical",
}

__all__ = list(_HOMES)  # pyright: ignore


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tokenpak.telemetry' has no attribute {name!r}")
    module, _, other = _HOMES[name].partition(":")
    return getattr(import_module(module), other or name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
