"""Charts as inline SVG, coloured by the page's own variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _LABEL, _VALUE = 760, 210, 130
_ROW, _BAR = 26, 16
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


def histogram(values: Sequence[float], title: str, bins: int = 12) -> str:
    """How many of *values* (shares) lie in each of *bins* steps of five percent from 0 on."""
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, max(0, int(value * 20)))] += 1
    top, height, step = max(counts) or 1, 150, (_WIDTH - 40) / bins
    lines = []
    for at, count in enumerate(counts):
        tall = height * count / top
        x, y = 20 + at * step, height + 20 - tall
        upto = f"{5 * at}–{5 * at + 5} %" if at < bins - 1 else f"≥ {5 * at} %"
        lines.append(
            f"<g><title>{upto}: {count}</title>"
            f'<rect class="part" x="{x + 3:.1f}" y="{y:.1f}" width="{step - 6:.1f}" '
            f'height="{tall:.1f}"/>'
            f'<text class="axis" x="{x + step / 2:.1f}" y="{height + 38}">{upto}</text>'
            f'<text class="axis" x="{x + step / 2:.1f}" y="{y - 5:.1f}">{count or ""}</text></g>'
        )
    return _svg(lines, height + 46, title)


def _svg(lines: Sequence[str], height: int, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        + "".join(lines)
        + "</svg>"
    )


def _short(label: str) -> str:
    """The end of a long label: of a path, that is what tells it from others."""
    return label if len(label) <= _LABEL_CHARS else "…" + label[1 - _LABEL_CHARS :]
