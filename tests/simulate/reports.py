"""A small report, made by hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from tokenpak.settings import Settings
from tokenpak.simulate.outcome import Figures, Kind, Lost, Outcome, Way
from tokenpak.simulate.report import Report, make_report
from tokenpak.simulate.run import Done

EVIL = "<script>alert('x')</script>"


def outcome(project: str, direct: int, packed: int, lost: int = 0, **more: Any) -> Outcome:
    ways = (Way(each, each / 4, each / 1e6, each, each / 4) for each in (direct, packed))
    figures = Figures(1, 10, *ways, facts=20, facts_kept=20 - lost, **more)
    return Outcome(
        f"{project}.jsonl",
        project,
        "Claude Code",
        "claude-opus-4-6",
        figures,
        Counter(references=direct - packed),
        {"file reads": Kind(direct, packed), "tool calls": Kind(7, 7)},
        [Lost(f"{EVIL}{at}", "symbol", at, f"line with {EVIL}{at}") for at in range(lost)],
    )


def report(top: int = 5) -> Report:
    done = [
        Done(Path("a.jsonl"), 2_000_000, [outcome("~/small", 1000, 900, lost=1)], damaged_lines=3),
        Done(Path("b.jsonl"), 1_000_000, [outcome("~/big", 8000, 6000), outcome("~/big", 10, 12)]),
        Done(Path("c.jsonl"), 500_000, [outcome(f"~/{EVIL}", 2000, 1500, lost=2, unpriced=1)]),
        Done(Path("package.json"), 10, skipped="not a transcript that we know"),
    ]
    return make_report(done, Settings(), 1.5, top)
