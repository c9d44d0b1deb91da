from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tokenpak.engines.caveman import read_folder, read_pack, shorten, with_packs
from tokenpak.engines.caveman.pack import Pack
from tokenpak.engines.strict import schema
from tokenpak.errors import ConfigError

SEED: dict[str, Any] = {
    "language": "en",
    "category": "filler",
    "rules": [
        {
            "name": "question",
            "pattern": "\\b(?:mayhap|perchance)\\b\\s*",
            "replacement": "",
            "replacementMap": {"perchance": "by chance "},
            "flags": "gi",
            "context": "all",
            "minIntensity": "full",
        },
        {"name": "swap", "pattern": "\\b(\\w+) hither\\b", "replacement": "$1 here", "flags": "g"},
    ],
}


def seed(**change: object) -> str:
    return json.dumps(SEED | change)


def test_a_seed_pack_runs_under_the_same_protection() -> None:
    packs = with_packs([read_pack(seed(), "filler.json")])
    text = 'Mayhap the file is hither in the folder. Say "mayhap" to the user in `mayhap hither`.'

    made = shorten(text, packs=packs).text

    assert made == 'file is here in folder. Say "mayhap" to user in `mayhap hither`.'
    assert "Mayhap" in shorten(text, packs=packs, intensity="lite").text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (seed(extra=1), "unknown key 'extra'; known: "),
        (seed(rules=[{"name": "a", "pattern": "b", "fl": 1}]), r"rules\[0\]: unknown key 'fl'"),
        (seed(rules=[{"name": "a", "pattern": "(b"}]), "is no pattern"),
        (seed(rules=[{"name": "a", "pattern": ""}]), r"rules\[0\].pattern is '', expected"),
        (seed(rules=[{"name": "a", "pattern": "b", "minIntensity": "x"}]), "known: lite, full"),
        (seed(rules=[{"name": "a", "pattern": "b", "flags": "y"}]), "known are g, i, m, u"),
        (seed(language=3), "language is 3"),
        ("[1]", "a rule pack is a mapping"),
        ("{", "cannot be read"),
    ],
)
def test_a_wrong_seed_pack_is_refused_with_file_and_key(text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=f"own.json.*{told}"):
        read_pack(text, "own.json")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("language: xx\nrules: []\nextra: 1\n", "unknown field `extra`"),
        ("language: xx\nrules: [{name: a, category: x, find: b}]\n", "Invalid enum value 'x'"),
        ("language: xx\nrules: [{name: a, category: filler}]\n", "missing required field `find`"),
    ],
)
def test_a_wrong_pack_is_refused_with_file_and_path(text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=f"own.yaml: .*{told}"):
        read_pack(text, "own.yaml")


def test_a_folder_gives_all_its_packs(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "filler.json").write_text(seed())
    (tmp_path / "own.yaml").write_text("language: nl\nrules: []\n")
    (tmp_path / "_schema.json").write_text("{}")

    assert [each.language for each in read_folder(tmp_path)] == ["en", "nl"]
    with pytest.raises(ConfigError, match="expected a folder of rule packs"):
        read_folder(tmp_path / "none")


def test_the_published_schema_is_the_current_one() -> None:
    published = Path(__file__).parents[3] / "docs" / "language-pack.schema.json"

    assert json.loads(published.read_text("utf-8")) == schema(Pack, "A TokenPak language pack")
