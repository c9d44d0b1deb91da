"""What each request was, cost and saved: one row of facts a request, nothing of its content."""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Published name -> the module that holds it and its name there. Loaded on first use.
_HOMES = {
    "AdapterRegistry": ("tokenpak.telemetry.adapters", "AdapterRegistry"),
    "CacheManager": ("tokenpak.telemetry.cache", "CacheStore"),
    "CanonicalRequest": ("tokenpak.canonical", "CanonicalRequest"),
    "CanonicalResponse": ("tokenpak.canonical", "CanonicalResponse"),
    "CanonicalUsage": ("tokenpak.canonical", "CanonicalUsage"),
    "CompletionTracker": ("tokenpak.telemetry.completions", "CostTracker"),
    "Confidence": ("tokenpak.canonical", "Confidence"),
    "TelemetryCollector": ("tokenpak.telemetry.watching", "TelemetryCollector"),
    "UsageSource": ("tokenpak.canonical", "UsageSource"),
}

__all__ = list(_HOMES)  # pyright: ignore


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tokenpak.telemetry' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
