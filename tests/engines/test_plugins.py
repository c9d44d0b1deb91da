from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tokenpak.engines import describe, get_engine, plugins
from tokenpak.engines.base import CompactionEngine
from tokenpak.errors import EngineUnavailable

CODE = """
from tokenpak import CompressionEngine

class Shout(CompressionEngine):
    name = "shout"
    description = "louder"
    lossless = True

    def __init__(self, mark="!"):
        self.mark = mark

    def compress(self, content, max_tokens=None):
        return content.upper() + self.mark

class Sick(Shout):
    @classmethod
    def unavailable(cls):
        raise OSError("no disk")

def made(mark="?"):
    return Shout(mark)

def text():
    return "no engine"
"""
POINTS = """
[tokenpak.engines]
shout = shouting:Shout
asked = shouting:made
sick = shouting:Sick
nothing = shouting:nothing
gone = no_such_module:Engine
text = shouting:text
heuristic = shouting:Shout
"""


@pytest.fixture(autouse=True)
def distribution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path with a distribution that brings engines, most of them broken."""
    (tmp_path / "shouting.py").write_text(CODE, "utf-8")
    for name, points in (("acme", POINTS), ("zeta", "[tokenpak.engines]\nshout = zeta:Zeta\n")):
        info = tmp_path / f"{name}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(points, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    plugins.installed.cache_clear()
    yield tmp_path
    plugins.installed.cache_clear()


def found() -> dict[str, plugins.EntryPoint]:
    return {each.name: each for each in reversed(plugins.installed())}


def test_a_class_or_a_function_makes_the_engine() -> None:
    assert get_engine("shout").compress("a") == "A!"
    assert get_engine("asked").compress("a") == "A?"
    assert get_engine("shout", mark=".").compress("a") == "A."
    assert plugins.engine_class(found()["asked"]).name == "shout"
    assert isinstance(plugins.make(found()["shout"], {"mark": ""}), CompactionEngine)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("nothing", {}, "'nothing' of acme 1.2 is broken: AttributeError.*uninstall"),
        ("gone", {}, "'gone' of acme 1.2 is broken: ModuleNotFoundError"),
        ("text", {}, "'text' of acme 1.2 is broken: shouting:text gives a str, expected"),
        ("shout", {"volume": 3}, "'shout' of acme 1.2 is broken: TypeError"),
    ],
)
def test_a_broken_one_is_reported_with_its_distribution(
    name: str, options: dict[str, object], message: str
) -> None:
    with pytest.raises(EngineUnavailable, match=message):
        get_engine(name, **options)


def test_the_list_shows_the_good_and_the_broken() -> None:
    listed = [each for each in describe() if each["name"] in found()]
    reasons = {each["name"]: each["reason"] or "" for each in listed}

    assert {each["name"] for each in listed if each["available"]} == {
        "heuristic",
        "shout",
        "asked",
    }
    assert "acme 1.2 is broken" in reasons["gone"]
    assert "acme 1.2 is broken" in reasons["nothing"]
    assert reasons["sick"] == "OSError: no disk"


def test_names_belong_to_us_then_to_the_first_distribution() -> None:
    assert type(get_engine("heuristic")).__module__ == "tokenpak.engines.heuristic"
    taken = [each["reason"] for each in describe() if "belongs to" in (each["reason"] or "")]

    assert [str(each).partition(";")[0] for each in taken] == [
        "the name 'heuristic' of acme 1.2 belongs to TokenPak",
        "the name 'shout' of zeta 1.2 belongs to acme 1.2",
    ]


def test_what_an_engine_says_of_itself_is_listed() -> None:
    (shout,) = [each for each in describe() if each["name"] == "shout" and each["available"]]

    assert shout == {
        "name": "shout",
        "aliases": [],
        "available": True,
        "reason": None,
        "extra": None,
        "lossless": True,
        "prefix_stable": True,
        "description": "louder",
    }


def test_an_unknown_name_lists_theirs_too() -> None:
    with pytest.raises(LookupError, match="known: heuristic, .*, shout"):
        get_engine("shot")


def test_where_they_come_from_is_told() -> None:
    assert plugins.origin(found()["gone"]) == "acme 1.2"
    assert plugins.origin(plugins.EntryPoint("x", "mod:Engine", plugins.GROUP)) == "mod:Engine"
