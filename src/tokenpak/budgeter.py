"""Context buckets held to their shares of a token budget, the least important trimmed first."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenpak.budgetconfig import PRIORITIES, Bucket, BudgetConfig, load_config
from tokenpak.excerpt import Keep, excerpt
from tokenpak.tokens import count

Component = Mapping[str, Any]
"""A caller's bucket: `text` (a string) or `items` (strings or dicts), `priority`, anything else."""

_ITEM_TEXTS = ("text", "content")
_ITEM_SCORES = ("importance", "relevance", "relevance_score", "score")
# What is newest counts: of recent turns the end is kept, of everything else the beginning.
_KEPT_END: dict[str, Keep] = {"recent": "tail"}


@dataclass(frozen=True, slots=True)
class BucketReport:
    """What became of one bucket; all figures but `items_dropped` are o200k tokens."""

    bucket: str
    priority: str
    tokens_before: int
    tokens_after: int
    allowed: int
    items_dropped: int = 0

    @property
    def trimmed(self) -> int:
        """Tokens that were taken away."""
        return self.tokens_before - self.tokens_after


class Allocation(dict[str, dict[str, Any]]):
    """The components after trimming, by bucket, in the shape in which they came."""

    def __init__(self, total_tokens: int) -> None:
        super().__init__()
        self.total_tokens = total_tokens
        self.report: list[BucketReport] = []

    @property
    def tokens(self) -> int:
        """Tokens of all components together, at most `total_tokens`."""
        return sum(each.tokens_after for each in self.report)


class Budgeter:
    """Holds `state`, `recent`, `evidence` and `tools` to their shares of *total_tokens*.

    Shares, priorities and the total come from *config*, a YAML file; by default that is
    `budget_config.yaml` in the current folder, if there is one.
    Raises ConfigError naming file and key if it is wrong.
    """

    def __init__(self, total_tokens: int | None = None, config: str | Path | None = None) -> None:
        self.config: BudgetConfig = load_config(config)
        self.total_tokens = self.config.total_tokens if total_tokens is None else total_tokens
        if self.total_tokens < 0:
            raise ValueError(f"total_tokens is {self.total_tokens}, expected 0 or more")

    def allocate(
        self, components: Mapping[str, Component], total_tokens: int | None = None
    ) -> Allocation:
        """*components* trimmed so that each keeps to its range and all to the total.

        No bucket gets more than the upper end of its range. If that is still too much, buckets
        are cut back to the lower end, those of the lowest priority first. What is trimmed says so
        in its text; whole items are dropped, the least important (`importance`, `relevance` or
        `score`) first. The arguments are not changed.
        Raises ValueError for an unknown bucket or priority, TypeError for content of no use.
        """
        total = self.total_tokens if total_tokens is None else total_tokens
        if total < 0:
            raise ValueError(f"total_tokens is {total}, expected 0 or more")
        contents = {name: _read(name, each) for name, each in components.items()}
        buckets = {name: self._bucket(name, each) for name, each in components.items()}
        sizes = {name: content.tokens for name, content in contents.items()}
        allowed = _allowed(buckets, sizes, total)
        result = Allocation(total)
        for name, content in contents.items():
            key, value, dropped = content.trim(allowed[name])
            result[name] = {**components[name], key: value}
            after = _read(name, result[name]).tokens
            result.report.append(
                BucketReport(
                    name, buckets[name].priority, sizes[name], after, allowed[name], dropped
                )
            )
        return result

    def _bucket(self, name: str, component: Component) -> Bucket:
        if name not in self.config.buckets:
            known = ", ".join(self.config.buckets)
            raise ValueError(f"unknown bucket {name!r}; known: {known}")
        bucket = self.config.buckets[name]
        priority = component.get("priority", bucket.priority)
        if priority not in PRIORITIES:
            known = ", ".join(PRIORITIES)
            raise ValueError(f"{name}: unknown priority {priority!r}; known: {known}")
        return Bucket(bucket.min_percent, bucket.max_percent, priority)


def _allowed(buckets: Mapping[str, Bucket], sizes: Mapping[str, int], total: int) -> dict[str, int]:
    """Tokens that each bucket may have: within its range, together within *total*."""
    allowed = {
        name: min(sizes[name], int(total * bucket.max_percent) // 100)
        for name, bucket in buckets.items()
    }
    excess = sum(allowed.values()) - total
    for name in sorted(buckets, key=lambda name: -PRIORITIES.index(buckets[name].priority)):
        if excess <= 0:
            break
        least = min(allowed[name], int(total * buckets[name].min_percent) // 100)
        cut = min(excess, allowed[name] - least)
        allowed[name] -= cut
        excess -= cut
    return allowed


@dataclass(frozen=True, slots=True)
class _Content:
    tokens: int
    trim: Callable[[int], tuple[str, Any, int]]
    """Gives key, value and dropped items for a number of tokens."""


def _read(name: str, component: Component) -> _Content:
    if not isinstance(component, Mapping) or ("text" in component) == ("items" in component):
        raise TypeError(f"{name}: expected a dict with either 'text' or 'items'")
    if "text" in component:
        text = component["text"]
        if not isinstance(text, str):
            raise TypeError(
                f"{name}: 'text' is a {type(text).__name__}, expected a string; "
                "lists go into 'items'"
            )
        keep = _KEPT_END.get(name, "head")
        return _Content(count(text), lambda room: ("text", excerpt(text, room, keep), 0))
    items = component["items"]
    if not isinstance(items, list | tuple):
        raise TypeError(f"{name}: 'items' is a {type(items).__name__}, expected a list")
    sizes = [count(_item_text(name, item)) for item in items]
    newest_first = name in _KEPT_END
    return _Content(
        sum(sizes), lambda room: _trim_items(list(items), sizes, room, newest_first=newest_first)
    )


def _item_text(name: str, item: object) -> str:
    if isinstance(item, str):
        return item
    if not isinstance(item, Mapping):
        raise TypeError(f"{name}: an item is a {type(item).__name__}, expected a string or a dict")
    for key in _ITEM_TEXTS:
        if isinstance(item.get(key), str):
            return str(item[key])
    return json.dumps(item, ensure_ascii=False, default=str)


def _trim_items(
    items: list[Any], sizes: list[int], room: int, *, newest_first: bool
) -> tuple[str, list[Any], int]:
    """The items that fit, in their order: by score, where they have none by place."""
    places = list(range(len(items)))
    if newest_first:
        places.reverse()
    places.sort(key=lambda at: -_score(items[at]))
    kept: dict[int, Any] = {}
    for at in places:
        if sizes[at] <= room:
            kept[at] = items[at]
            room -= sizes[at]
        elif not kept:
            kept[at] = _cut_item(items[at], room)
            break
    kept = {at: item for at, item in kept.items() if item is not None}
    return "items", [kept[at] for at in sorted(kept)], len(items) - len(kept)


def _score(item: object) -> float:
    if isinstance(item, Mapping):
        for key in _ITEM_SCORES:
            if isinstance(item.get(key), int | float):
                return float(item[key])
    return 0.0


def _cut_item(item: Any, room: int) -> Any:
    """The beginning of an item that is larger than the whole bucket; None if nothing fits."""
    if isinstance(item, str):
        return excerpt(item, room) or None
    for key in _ITEM_TEXTS:
        if isinstance(item.get(key), str):
            text = excerpt(item[key], room)
            return {**item, key: text} if text else None
    return None
