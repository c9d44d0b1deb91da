from __future__ import annotations

import pytest
from msgspec.structs import replace

from tokenpak.errors import ConfigError
from tokenpak.policy import (
    Combo,
    CompressionSettings,
    Policy,
    Route,
    Step,
    check_pipeline,
    choose,
    named,
    with_mode,
)
from tokenpak.policy.model import DEFAULT_COMBO, CavemanConfig
from tokenpak.settings import PIPELINES, load

MINE = Combo("mine", "My combo", (Step("rtk", intensity="minimal"), Step("pack")))
POLICY = Policy(
    settings=CompressionSettings(
        default_mode="lite", auto_trigger_tokens=100, auto_trigger_mode="aggressive"
    ),
    combos=(DEFAULT_COMBO, MINE),
    assignments={"client:codex": "mine"},
)
CODEX = Route("openai", "gpt-5", "codex")
SETTINGS = load({})


@pytest.mark.parametrize(
    ("asked", "route", "mode", "source", "triggers"),
    [
        ("rtk", CODEX, "rtk", "header", False),
        ("mine", None, "stacked", "header", False),
        ("My combo", None, "stacked", "header", False),
        (None, CODEX, "stacked", "route", False),
        ("strict", CODEX, "stacked", "route", False),
        (None, Route("openai", "gpt-5", "cursor"), "lite", "default", True),
        (None, None, "lite", "default", True),
    ],
)
def test_the_order_is_header_route_trigger_default(asked, route, mode, source, triggers):
    chosen = choose(POLICY, SETTINGS, asked, route)
    assert (chosen.mode, chosen.source, chosen.later is not None) == (mode, source, triggers)
    assert chosen.when == ("strict" if asked == "strict" else "hybrid")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("strict/lite", ("strict", "lite")),
        ("strict/My combo", ("strict", "stacked")),
        ("hybrid/ultra", ("hybrid", "ultra")),
        ("strict/", ("strict", "lite")),
    ],
)
def test_when_and_how_can_be_asked_for_at_once(asked, expected):
    other = "strict" if expected[0] == "hybrid" else "hybrid"
    chosen = choose(POLICY, load({}, mode=other), asked)
    assert (chosen.when, chosen.mode) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mine", ("hybrid", "mine")),
        ("strict/My combo", ("strict", "My combo")),
        ("strict", ("strict", "pack")),
        ("lite", ("hybrid", "lite")),
    ],
)
def test_a_process_can_be_put_in_a_mode_or_a_combo(name, expected):
    settings = with_mode(POLICY, SETTINGS, name)
    assert (settings.mode, settings.pipeline) == expected


@pytest.mark.parametrize("name", ["tiny", "strict/tiny", "lite/strict", "lite/"])
def test_a_process_cannot_be_put_in_a_mode_that_there_is_not(name):
    with pytest.raises(ConfigError, match="known: hybrid.*mine"):
        with_mode(POLICY, SETTINGS, name)


@pytest.mark.parametrize("name", ["mine", "My combo", *PIPELINES])
def test_a_process_may_be_started_in_a_mode_or_a_combo(name):
    settings = load({"TOKENPAK_PIPELINE": name})
    policy = Policy(combos=POLICY.combos)
    check_pipeline(policy, settings)
    assert choose(policy, settings) == named(policy, "hybrid", name)


def test_a_process_is_not_started_in_what_there_is_not():
    with pytest.raises(ConfigError, match="TOKENPAK_PIPELINE.*'tiny' .*known: off, .*mine"):
        check_pipeline(POLICY, load({"TOKENPAK_PIPELINE": "tiny"}))


def test_a_request_is_left_alone_if_it_asks_for_that_or_all_is_off():
    off = replace(POLICY, settings=replace(POLICY.settings, enabled=False))
    started_off = load({}, pipeline="off")
    assert choose(POLICY, SETTINGS, "off").leaves_alone
    assert choose(POLICY, SETTINGS, "strict/off").leaves_alone
    assert choose(off, SETTINGS).leaves_alone
    # Cache markers and recipes have settings of their own.
    assert not choose(Policy(), started_off).leaves_alone
    assert not choose(POLICY, SETTINGS).leaves_alone


def test_no_request_fails_of_a_combo_that_is_gone():
    settings = with_mode(POLICY, SETTINGS, "mine")
    assert choose(Policy(combos=POLICY.combos), settings).combo == MINE
    assert choose(Policy(), settings).mode == "off"


@pytest.mark.parametrize(
    ("name", "at_once"), [("aggressive", True), ("ultra", True), ("strict/lite", True), ("lite", 0)]
)
def test_the_modes_that_age_know_no_threshold(name, at_once):
    assert choose(POLICY, SETTINGS, name).acts_at_once == bool(at_once)


def test_switched_off_nothing_else_counts():
    policy = replace(POLICY, settings=replace(POLICY.settings, enabled=False))
    assert choose(policy, SETTINGS, "rtk", CODEX).mode == "off"


def test_without_a_default_the_process_s_own_setting_counts():
    assert choose(Policy(), load({}, mode="ultra")).mode == "ultra"


@pytest.mark.parametrize("name", ["tiny", "", "MINE"])
def test_an_unknown_name_lists_the_known_ones(name):
    with pytest.raises(ConfigError, match="known: hybrid, strict, off.*default-caveman, mine"):
        named(POLICY, "hybrid", name)


def test_every_mode_has_steps_but_off():
    steps = {name: [s.engine for s in named(Policy(), "hybrid", name).steps] for name in PIPELINES}
    assert steps.pop("off") == [] and steps.pop("standard") == ["caveman"]
    assert steps.pop("stacked") == ["rtk", "caveman"]
    assert steps == {name: [name] for name in steps}


@pytest.mark.parametrize(
    ("routes", "chosen"),
    [
        ({"provider:openai": "a", "model:gpt-*": "b"}, "b"),
        ({"model:gpt-*": "a", "model:gpt-5": "b", "model:*": "c"}, "b"),
        ({"provider:openai": "c", "model:gpt-5": "a", "client:codex": "b"}, "b"),
        ({"provider:anthropic": "a", "model:GPT-5": "c"}, None),
    ],
)
def test_the_closest_route_decides(routes, chosen):
    combos = tuple(Combo(each, each.upper(), (Step("rtk"),)) for each in "abc")
    policy = Policy(combos=(DEFAULT_COMBO, *combos), assignments=routes)
    found = choose(policy, SETTINGS, None, CODEX).combo
    assert (found.id if found else None) == chosen


def test_what_a_step_leaves_open_is_filled_in_by_the_combo_and_the_settings():
    settings = CompressionSettings(caveman_config=CavemanConfig("lite", languages=("fr",)))
    combo = Combo("a", "A", (Step("caveman"),), language_packs=("de",))
    policy = Policy(settings=settings, combos=(DEFAULT_COMBO, combo))
    (step,) = named(policy, "hybrid", "a").steps
    assert (step.intensity, step.languages, step.apply_to) == ("lite", ("de",), ("user",))
    (step,) = named(policy, "hybrid", "standard").steps
    assert step.languages == ("fr",)
