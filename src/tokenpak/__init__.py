"""Smaller requests for LLM agents, the same answers: a library and a local proxy."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# Published name -> the module that holds it, and its name there where it has another. Loaded on
# first use, so that importing the package costs nothing.
_HOMES = {
    "Block": "tokenpak.registry",
    "BlockRegistry": "tokenpak.registry",
    "BudgetBlock": "tokenpak.budget",
    "Budgeter": "tokenpak.budgeter",
    "CacheManager": "tokenpak.telemetry.cache:CacheStore",
    "CompletionTracker": "tokenpak.telemetry.completions:CostTracker",
    "CompressionEngine": "tokenpak.engines:CompactionEngine",
    "CompressionPipeline": "tokenpak.compression.pipeline",
    "HeuristicEngine": "tokenpak.engines",
    "PipelineResult": "tokenpak.compression.pipeline",
    "TelemetryCollector": "tokenpak.telemetry.watching",
    "count_tokens": "tokenpak.tokens",
    "get_engine": "tokenpak.engines",
    "main": "tokenpak.cli",
}
_ROOMS = ("agent", "connectors", "proxy")

__all__ = ["__version__", *sorted(_HOMES), *_ROOMS]  # pyright: ignore


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        module, _, other = _HOMES[name].partition(":")
        return getattr(import_module(module), other or name)
    if name in _ROOMS:
        return import_module(f"tokenpak.{name}")
    raise AttributeError(f"module 'tokenpak' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
