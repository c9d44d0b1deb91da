"""JSON by its shape: every key, the first items of each list, long strings shortened."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from tokenpak.processors.size import not_longer

MAX_ITEMS = 3
"""Items of a list that are shown as they are."""

MAX_CHARS = 200
"""Characters of a string that are shown."""


class _Number(str):
    """A number as it was written: 1.10 stays 1.10, and 20 digits stay 20 digits."""


class Processor:
    """Shows what a document holds by examples; the result is valid JSON."""

    name = "json"

    def __init__(self, samples: int = MAX_ITEMS) -> None:
        self.samples = samples

    def process(self, content: str, path: str = "") -> str:
        """*content* as `schema` gives it, with this processor's number of samples."""
        return schema(content, self.samples)


def schema(text: str, samples: int = MAX_ITEMS) -> str:
    """The JSON *text* on one line, each list cut to *samples* items; objects keep all keys.

    What is left out is told by a string in its place. Anything but strict JSON without repeated
    keys is given back as it is. Raises ValueError if *samples* is negative.
    """
    if samples < 0:
        raise ValueError(f"samples is {samples}, expected 0 or more")
    try:
        value = json.loads(
            text,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_refuse,
            object_pairs_hook=_unique,
        )
        short = _written(_sampled(value, samples))
    except (ValueError, RecursionError):
        return text
    return not_longer(short, text)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands there twice")
    return found


def _sampled(value: Any, samples: int) -> Any:
    if isinstance(value, dict):
        return {key: _sampled(each, samples) for key, each in value.items()}
    if isinstance(value, list):
        # One item less would only make room for the note.
        shown = value if len(value) <= samples + 1 else value[:samples]
        left_out = len(value) - len(shown)
        note = [f"[{left_out:,} more items left out]"] if left_out else []
        return [_sampled(each, samples) for each in shown] + note
    if isinstance(value, str) and not isinstance(value, _Number):
        left_out = len(value) - MAX_CHARS
        if left_out > math.ceil(MAX_CHARS / 4):
            return f"{value[:MAX_CHARS]}[{left_out:,} more characters left out]"
    return value


def _written(value: Any) -> str:
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        fields = (f"{json.dumps(k, ensure_ascii=False)}:{_written(v)}" for k, v in value.items())
        return "{" + ",".join(fields) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
