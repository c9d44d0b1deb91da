"""Charts as inline SVG, coloured by the page's own variables."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _LABEL, _VALUE = 760, 210, 130
_ROW, _BAR = 26, 16
_TALL = 150
_LABEL_CHARS = 32


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: *whole* is drawn pale, *part* of it in colour over it."""

    label: str
    part: float
    whole: float
    note: str


def bars(rows: Sequence[Bar], title: str) -> str:
    """A chart of horizontal bars, on one scale."""
    top = max((row.whole for row in rows), default=0) or 1
    room = _WIDTH - _LABEL - _VALUE
    lines = []
    for at, row in enumerate(rows):
        y = at * _ROW
        whole, part = room * row.whole / top, room * max(0.0, row.part) / top
        lines.append(
            f"<g><title>{escape(row.label)}: {escape(row.note)}</title>"
            f'<text class="label" x="{_LABEL - 10}" y="{y + 17}">{escape(_short(row.label))}</text>'
            f'<rect class="whole" x="{_LABEL}" y="{y + 5}" width="{whole:.1f}" height="{_BAR}"/>'
            f'<rect class="part" x="{_LABEL}" y="{y + 5}" width="{part:.1f}" height="{_BAR}"/>'
            f'<text class="value" x="{_LABEL + whole + 8:.1f}" y="{y + 17}">'
            f"{escape(row.note)}</text></g>"
        )
    return _svg(lines, len(rows) * _ROW + 4, title)


def histogram(values: Sequence[float], title: str) -> str:
    """How many of *values* (shares) lie in each step of five percent; all losses are one step."""
    steps = Counter(max(-1, math.floor(value * 20)) for value in values)
    first, last = min(steps, default=0), max(steps, default=0)
    shown = range(min(first, 0), max(last, 5) + 1)
    top, wide = max(steps.values(), default=1), (_WIDTH - 40) / len(shown)
    lines = []
    for at, step in enumerate(shown):
        tall = _TALL * steps[step] / top
        x, y = 20 + at * wide, _TALL + 20 - tall
        label = f"{5 * step}–{5 * step + 5} %" if step >= 0 else "below 0"
        lines.append(
            f"<g><title>{label}: {steps[step]}</title>"
            f'<rect class="part" x="{x + 3:.1f}" y="{y:.1f}" width="{wide - 6:.1f}" '
            f'height="{tall:.1f}"/>'
            f'<text class="axis" x="{x + wide / 2:.1f}" y="{_TALL + 38}">{label}</text>'
            f'<text class="axis" x="{x + wide / 2:.1f}" y="{y - 5:.1f}">{steps[step] or ""}</text>'
            "</g>"
        )
    return _svg(lines, _TALL + 46, title)


def _svg(lines: Sequence[str], height: int, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        + "".join(lines)
        + "</svg>"
    )


def _short(label: str) -> str:
    """The end of a long label: of a path, that is what tells it from others."""
    return label if len(label) <= _LABEL_CHARS else "…" + label[1 - _LABEL_CHARS :]
