"""The ranges and priorities of the context buckets, and the file that changes them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from tokenpak import strictyaml
from tokenpak.errors import ConfigError

PRIORITIES = ("critical", "high", "medium", "low", "variable")
"""From what is trimmed last to what is trimmed first."""

DEFAULT_FILE = "budget_config.yaml"
_KEYS = ("total_tokens", "buckets")
_BUCKET_KEYS = ("min_percent", "max_percent", "priority")


@dataclass(frozen=True, slots=True)
class Bucket:
    """The share of the total that one bucket may have, in percent, and what it is worth."""

    min_percent: float
    max_percent: float
    priority: str


@dataclass(frozen=True, slots=True)
class BudgetConfig:
    """A total in tokens and the buckets that share it."""

    total_tokens: int
    buckets: Mapping[str, Bucket]


DEFAULT = BudgetConfig(
    12_000,
    {
        "state": Bucket(8, 15, "critical"),
        "recent": Bucket(10, 20, "high"),
        "evidence": Bucket(50, 70, "medium"),
        "tools": Bucket(0, 25, "variable"),
    },
)


def load_config(path: str | Path | None = None) -> BudgetConfig:
    """The configuration in *path*; without one, of `budget_config.yaml` here, or the defaults.

    A file may hold `total_tokens` and `buckets`, and in each bucket `min_percent`, `max_percent`
    and `priority`; what it leaves out is as by default. Raises ConfigError naming file and key.
    """
    file = Path(path or DEFAULT_FILE)
    try:
        data = strictyaml.load(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if path is None:
            return DEFAULT
        raise ConfigError(f"{file}: does not exist") from error
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}") from error
    return _parse(file, {} if data is None else data)


def _parse(file: Path, data: object) -> BudgetConfig:
    table = _table(file, "the file", data, _KEYS)
    total = table.get("total_tokens", DEFAULT.total_tokens)
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        raise ConfigError(f"{file}: total_tokens is {total!r}, expected a whole number from 0 on")
    buckets = dict(DEFAULT.buckets)
    found = _table(file, "buckets", table.get("buckets", {}), tuple(DEFAULT.buckets))
    for name, value in found.items():
        where = f"buckets.{name}"
        fields = _table(file, where, value, _BUCKET_KEYS)
        default = buckets[name]
        low = _percent(file, f"{where}.min_percent", fields.get("min_percent", default.min_percent))
        high = _percent(
            file, f"{where}.max_percent", fields.get("max_percent", default.max_percent)
        )
        priority = fields.get("priority", default.priority)
        if low > high:
            raise ConfigError(f"{file}: {where}: min_percent {low:g} is above max_percent {high:g}")
        if priority not in PRIORITIES:
            known = ", ".join(PRIORITIES)
            raise ConfigError(f"{file}: {where}.priority {priority!r} is unknown; known: {known}")
        buckets[name] = Bucket(low, high, str(priority))
    least = sum(bucket.min_percent for bucket in buckets.values())
    if least > 100:
        raise ConfigError(f"{file}: buckets: min_percent sums to {least:g}, expected at most 100")
    return BudgetConfig(total, buckets)


def _table(file: Path, where: str, value: object, known: tuple[str, ...]) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ConfigError(f"{file}: {where}: found {value!r}, expected keys and values")
    for key in value:
        if key not in known:
            raise ConfigError(f"{file}: {where}: key {key!r} is unknown; known: {', '.join(known)}")
    return value


def _percent(file: Path, where: str, value: object) -> float:
    if (
        not isinstance(value, int | float)
        or isinstance(value, bool)
        or not (math.isfinite(value) and 0 <= value <= 100)
    ):
        raise ConfigError(f"{file}: {where} is {value!r}, expected a number from 0 to 100")
    return float(value)
