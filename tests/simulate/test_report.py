"""Sums by project, technique and content."""

from __future__ import annotations

import json

from tests.simulate.reports import EVIL, report
from tokenpak.settings import Settings
from tokenpak.simulate.outcome import Kind
from tokenpak.simulate.report import make_report, notes


def test_the_total_is_the_sum_of_all_projects() -> None:
    found = report()

    assert found.total.conversations == 4
    assert found.total.direct.tokens == 11_010
    assert sum(each.direct.tokens for each in found.projects.values()) == 11_010
    assert sum(each.direct.tokens for each in found.agents.values()) == 11_010
    assert found.saved_by == {"references": 11_010 - 8_412}
    assert found.kinds == {"file reads": Kind(11_010, 8_412), "tool calls": Kind(28, 28)}
    assert (found.files, found.megabytes) == (4, 3.50001)


def test_the_dearest_project_stands_first() -> None:
    assert list(report().projects) == ["~/big", f"~/{EVIL}", "~/small"]


def test_the_worst_are_those_that_lost_most() -> None:
    assert [len(each.lost) for each in report().worst] == [2, 1]
    assert [len(each.lost) for each in report(top=1).worst] == [2]
    assert report(top=0).worst == []


def test_what_was_not_read_is_named() -> None:
    found = report()

    assert found.unread == {"package.json": "not a transcript that we know"}
    assert found.damaged_lines == {"a.jsonl": 3}


def test_the_notes_say_what_is_missing() -> None:
    words = " ".join(notes(report()))

    assert "1 conversations name no model" in words
    assert "1 files were not read" in words
    assert "3 damaged lines in 1 files" in words
    assert "no system" not in words
    assert len(notes(make_report([], Settings(), 0.0))) == 1


def test_programs_get_everything_as_json() -> None:
    found = json.loads(json.dumps(report().as_dict()))

    assert found["total"]["direct"]["tokens"] == 11_010
    assert found["projects"]["~/big"]["saved_tokens_pct"] == 24.94
    assert found["worst"][0]["lost"][0]["used_at"] == 0
    assert found["mode"] == "hybrid/pack"
