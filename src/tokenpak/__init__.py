"""Smaller requests for LLM agents, the same answers: a library and a local proxy."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# Published name -> the module that holds it. Loaded on first use, so that importing the package
# costs nothing.
_HOMES = {
    "CompressionPipeline": "tokenpak.compression.pipeline",
    "PipelineResult": "tokenpak.compression.pipeline",
    "count_tokens": "tokenpak.tokens",
    "main": "tokenpak.cli",
}
_ROOMS = ("agent", "proxy")

__all__ = ["__version__", *sorted(_HOMES), *_ROOMS]  # pyright: ignore


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in _ROOMS:
        return import_module(f"tokenpak.{name}")
    raise AttributeError(f"module 'tokenpak' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
