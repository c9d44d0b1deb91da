"""Build `src/tokenpak/providers/prices.json` from the genai-prices package.

    python scripts/build_prices.py [--date 2026-11-21]

Text models of the vendors below, with the names that the source matches exactly or as a prefix
that only a release date may follow.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from genai_prices.data import providers

TARGET = Path(__file__).resolve().parent.parent / "src" / "tokenpak" / "providers" / "prices.json"
# First come, first served: a model's own vendor before those who resell it.
VENDORS = (
    "anthropic",
    "openai",
    "google",
    "mistral",
    "deepseek",
    "x-ai",
    "moonshotai",
    "zai",
    "cohere",
)
FIELDS = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
    "cache_write_1h_mtok": "cache_write_1h",
}
# Where the provider counts other things than text too, no price of ours would be right.
NOT_TEXT = ("output_image_mtok", "output_audio_mtok", "output_video_mtok", "audio_hours")
NAME = re.compile(r"^[a-z0-9][a-z0-9._:-]*$")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--date", default=datetime.date.today().isoformat())
    arguments = parser.parse_args()
    models: dict[str, Any] = {}
    taken: set[str] = set()
    for vendor in VENDORS:
        provider = next(each for each in providers if each.id == vendor)
        for model in provider.models:
            entry = _entry(model)
            names = [name for name in _names(model) if name not in taken]
            if entry is None or not names:
                continue
            taken.update(names)
            models[names[0]] = {"aliases": names[1:], **entry} if names[1:] else entry
    _write(models, arguments.date)


def _entry(model: Any) -> dict[str, Any] | None:
    steps = model.prices if isinstance(model.prices, list) else [None]
    periods = []
    for step in steps:
        prices = model.prices if step is None else step.prices
        constraint = None if step is None else step.constraint
        start = getattr(constraint, "start_date", None)
        if constraint is not None and start is None:
            return None  # prices by time of day: no one figure is right
        period = _period(prices)
        if period is None:
            return None
        if start:
            period["since"] = start.isoformat()
        periods.append(period)
    entry: dict[str, Any] = {"prices": periods}
    if model.context_window:
        entry["context"] = model.context_window
    return entry


def _period(prices: Any) -> dict[str, Any] | None:
    base: dict[str, float] = {}
    above: dict[str, float] = {}
    starts = set()
    for source, name in FIELDS.items():
        value = getattr(prices, source, None)
        if value is None:
            continue
        if isinstance(value, Decimal):
            base[name] = _number(value)
            continue
        if len(value.tiers) != 1:
            return None
        base[name] = _number(value.base)
        above[name] = _number(value.tiers[0].price)
        starts.add(value.tiers[0].start)
    if "input" not in base or "output" not in base or len(starts) > 1:
        return None
    if any(getattr(prices, name, None) is not None for name in NOT_TEXT):
        return None
    if not starts:
        return dict(base)
    return {**base, "above": {"tokens": starts.pop(), **base, **above}}


def _number(value: Decimal) -> float:
    return int(value) if value == int(value) else float(value)


def _names(model: Any) -> list[str]:
    """The model's id, then what the source's clauses say as plain names."""
    found = [model.id.lower(), *_literals(model.match)]
    return [name for name in dict.fromkeys(found) if NAME.match(name) and model.is_match(name)]


def _literals(clause: Any) -> list[str]:
    nested = getattr(clause, "or_", None)
    if nested is not None:
        return [name for each in nested for name in _literals(each)]
    value = getattr(clause, "equals", None) or getattr(clause, "starts_with", None) or ""
    return [value.lower().rstrip("-@")]


def _write(models: dict[str, Any], date: str) -> None:
    version = importlib.metadata.version("genai-prices")
    head = {
        "source": f"genai-prices {version}, https://github.com/pydantic/genai-prices",
        "license": "MIT, Copyright (c) Pydantic Services Inc. 2025 to present",
        "unit": "USD per million tokens",
        "date": date,
    }
    lines = [f'"{key}": {json.dumps(value)},' for key, value in head.items()]
    body = ",\n".join(
        f'"{name}":{json.dumps(entry, separators=(",", ":"))}'
        for name, entry in sorted(models.items())
    )
    text = "{\n" + "\n".join(lines) + '\n"models": {\n' + body + "\n}\n}\n"
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {len(models)} models, {len(text):,} bytes, {version}")


if __name__ == "__main__":
    main()
