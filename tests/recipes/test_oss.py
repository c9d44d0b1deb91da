"""Every built-in recipe on a real file: what it saves, what survives, what it must not touch."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from tokenpak.engines.rtk.alarms import speaks_of_failure
from tokenpak.engines.rtk.patterns import _careful
from tokenpak.recipes import Hints, SegmentType, apply, get_recipe
from tokenpak.recipes.catalog import built_in_names
from tokenpak.recipes.lines import Replace
from tokenpak.tokens import count

HERE = Path(__file__).parent
SAMPLES: list[dict[str, Any]] = yaml.safe_load((HERE / "samples.yaml").read_text("utf-8"))
FILES = sorted(path for path in (HERE / "fixtures").iterdir() if path.name != "README.md")
OUTPUTS = [
    each
    for each in SAMPLES
    if each["recipe"] in ("bug-fix", "test-failure", "stack-trace", "incident", "sql-results")
]
over_samples = pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: each["recipe"])


def read(sample: dict[str, Any]) -> tuple[str, Hints]:
    text = (HERE / "fixtures" / sample["file"]).read_text("utf-8")
    known = {key: sample[key] for key in ("language", "tool", "command", "path") if key in sample}
    role = "tool" if sample["type"] == "tool_result" else sample.get("role", "user")
    return "\n\n".join([text] * (2 if sample.get("twice") else 1)), Hints(**known, role=role)


def test_there_are_recipes_for_many_tasks_and_each_has_a_sample() -> None:
    assert len(built_in_names()) >= 35
    assert sorted({each["recipe"] for each in SAMPLES}) == list(built_in_names())


def test_every_fixture_names_its_source() -> None:
    told = (HERE / "fixtures" / "README.md").read_text("utf-8")

    assert {each["file"] for each in SAMPLES} <= {path.name for path in FILES}
    assert "MIT" in told and "Apache-2.0" in told


def test_no_two_recipes_do_the_same() -> None:
    recipes = [get_recipe(name) for name in built_in_names()]

    assert len({repr(each.directives) for each in recipes}) == len(recipes)
    assert len({each.description for each in recipes}) == len(recipes)


@over_samples
def test_saves_what_it_promises_and_keeps_what_its_task_needs(sample: dict[str, Any]) -> None:
    text, hints = read(sample)

    shown = apply(get_recipe(sample["recipe"]), text, sample["type"], hints)

    saved = 100 * (1 - count(shown) / count(text))
    assert saved >= sample["saved"] > 0
    assert [each for each in sample["survives"] if each not in shown] == []
    assert [each for each in sample.get("gone", ()) if each in shown or each not in text] == []


@pytest.mark.parametrize("name", built_in_names())
@pytest.mark.parametrize("sample", OUTPUTS, ids=lambda each: each["file"])
def test_a_failure_stays_a_failure(sample: dict[str, Any], name: str) -> None:
    text, hints = read(sample)
    shown = apply(get_recipe(name), text, "tool_result", hints)

    assert speaks_of_failure(text)
    assert speaks_of_failure(shown)


@pytest.mark.parametrize("name", built_in_names())
def test_nothing_gets_longer_and_calls_stay_whatever_the_piece_is(name: str) -> None:
    recipe = get_recipe(name)
    for path in FILES:
        text = path.read_text("utf-8")[:6000]
        tokens = count(text)
        for kind in get_args(SegmentType):
            shown = apply(recipe, text, kind, Hints(path=path.name, command="x", role="user"))
            assert shown == text or (kind != "tool_call" and count(shown) < tokens)


@pytest.mark.parametrize("name", built_in_names())
def test_a_short_question_stays_word_for_word(name: str) -> None:
    question = "Please fix the bug in app.py:\n- it must not log passwords\n- run the tests"

    assert apply(get_recipe(name), question, "text") == question
    assert apply(get_recipe(name), question, "markdown") == question


@pytest.mark.parametrize("name", built_in_names())
def test_every_pattern_is_taken_without_re2_as_well(name: str) -> None:
    patterns = [e.pattern for e in get_recipe(name).directives if isinstance(e, Replace)]

    assert all(_careful(pattern) for pattern in patterns)
