"""Charts are well-formed, to scale, and cannot be broken by a name."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tokenpak.simulate.charts import Bar, bars, histogram


def widths(svg: str, kind: str) -> list[float]:
    return [float(each) for each in re.findall(rf'class="{kind}"[^>]* width="([\d.]+)"', svg)]


def test_bars_are_on_one_scale() -> None:
    svg = bars([Bar("a", 50, 100, "x"), Bar("b", 25, 25, "y")], "t")
    whole, part = widths(svg, "whole"), widths(svg, "part")

    assert whole[1] == pytest.approx(whole[0] / 4, abs=0.1)
    assert part == pytest.approx([whole[0] / 2, whole[1]], abs=0.1)


@pytest.mark.parametrize("rows", [[], [Bar("a", 0, 0, "")], [Bar("<&\"'>", -1, 3, "<b>")]])
def test_any_bars_are_well_formed(rows: list[Bar]) -> None:
    assert ElementTree.fromstring(bars(rows, "<t>")).tag == "svg"


def test_a_long_label_keeps_its_end() -> None:
    svg = bars([Bar("~/a/very/long/path/to/some/folder/app", 1, 1, "")], "t")

    assert re.search(r">…[^<]*folder/app</text>", svg)


def test_the_histogram_counts_every_value_once() -> None:
    svg = histogram([-0.3, 0.0, 0.04, 0.05, 0.61], "t")
    counts = dict(re.findall(r"<title>([^:]*): (\d+)</title>", svg))

    assert sum(map(int, counts.values())) == 5
    assert (counts["below 0"], counts["0–5 %"], counts["5–10 %"]) == ("1", "2", "1")
    assert counts["60–65 %"] == "1"


@pytest.mark.parametrize("values", [[], [0.5], [-1.0]])
def test_any_histogram_is_well_formed(values: list[float]) -> None:
    assert ElementTree.fromstring(histogram(values, "t")).tag == "svg"
