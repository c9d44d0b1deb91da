"""The page loads nothing and runs nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from tests.simulate.reports import EVIL, outcome, report
from tokenpak.settings import Settings
from tokenpak.simulate.page import page
from tokenpak.simulate.report import make_report
from tokenpak.simulate.run import Done

_VOID = {"meta", "br"}


class _Checker(HTMLParser):
    """Which elements there are, and whether each is closed where it must be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def checked(html: str) -> _Checker:
    checker = _Checker()
    checker.feed(html)
    checker.close()
    return checker


def test_every_element_is_closed() -> None:
    assert checked(page(report())).open == []


def test_what_transcripts_say_is_shown_and_never_run() -> None:
    found = checked(page(report()))

    assert EVIL in found.words
    assert not found.seen & {"script", "iframe", "img", "link", "a", "object", "form"}


def test_nothing_is_loaded_from_elsewhere() -> None:
    html = page(report())

    assert re.findall(r"(?:https?:)?//|url\(|@import|\ssrc=|\shref=", html) == []
    assert "default-src 'none'" in html


def test_light_and_dark_are_both_styled() -> None:
    assert "prefers-color-scheme: dark" in page(report())


def test_a_dearer_way_is_shown_as_such() -> None:
    done = [Done(Path("a"), 1, [outcome("p", 10, 12)])]

    assert "+20.0%" in page(make_report(done, Settings(), 1.0))


def test_a_report_of_nothing_is_a_page_too() -> None:
    found = checked(page(make_report([], Settings(), 0.0)))

    assert found.open == []
    assert "There was none to lose." in found.words
    assert "–of used facts kept" in found.words


def test_the_share_of_the_cost_stands_beside_the_tokens_that_it_is_of() -> None:
    done = [Done(Path("a"), 1, [outcome("p", 8000, 6000)])]

    shown = checked(page(make_report(done, Settings(), 1.0))).words

    assert "25.0%less cost2.0 k → 1.5 k at the base price; $0.01\xa0→\xa0$0.01" in shown
