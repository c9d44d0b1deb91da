"""JSON by its shape: every key, the first items of each list, long strings shortened."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from tokenpak.processors.cut import left_out, not_longer

MAX_ITEMS = 3
"""Items of a list that are shown as they are."""

MAX_CHARS = 200
"""Characters of a string that are shown."""


class _Number(str):
    """A number as it was written: 1.10 stays 1.10, and 20 digits stay 20 digits."""


def condense(text: str, samples: int = MAX_ITEMS) -> str:
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
        more = len(value) - len(shown)
        note = [left_out(more, "more item")] if more else []
        return [_sampled(each, samples) for each in shown] + note
    if isinstance(value, str) and not isinstance(value, _Number):
        more = len(value) - MAX_CHARS
        if more > MAX_CHARS // 4:
            return value[:MAX_CHARS] + left_out(more, "more character")
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
