from __future__ import annotations

from pathlib import Path

import pytest

from tokenpak.compression.select import plan
from tokenpak.forms import FORMS
from tokenpak.policy import Chosen, Policy, Step, named
from tokenpak.settings import PIPELINES, load

RAW = Path("/raw")


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_every_pipeline_has_a_plan_of_known_forms(pipeline):
    chosen = plan(load({}, mode=pipeline))
    assert chosen.pipeline == pipeline and set(chosen.forms) <= set(FORMS)


def test_the_threshold_counts_in_hybrid_mode_only():
    assert plan(load({}, threshold_tokens=7)).threshold_tokens == 7
    assert plan(load({}, threshold_tokens=7, mode="strict")).threshold_tokens == 0


def test_only_pipelines_that_cut_have_a_folder():
    folders = {p: plan(load({}, mode=p), RAW).raw_folder for p in PIPELINES}
    assert folders == {
        "off": None,
        "lite": None,
        "standard": None,
        "pack": "/raw",
        "aggressive": "/raw",
        "ultra": "/raw",
        "rtk": "/raw",
        "stacked": "/raw",
    }


def test_only_aggressive_and_ultra_rewrite_what_was_sent():
    assert [p for p in PIPELINES if plan(load({}, mode=p)).epoch_keep] == ["aggressive", "ultra"]


def triggered(tokens: int, default: str = "lite", later: str = "pack", **settings):
    now, then = (named(Policy(), "hybrid", each) for each in (default, later))
    chosen = Chosen("hybrid", now.mode, now.steps, "default", None, then, tokens)
    return plan(load({}, **settings), RAW, policy=Policy(), chosen=chosen)


def test_what_lies_before_the_trigger_is_left_to_the_default():
    chosen = triggered(1000, threshold_tokens=10)
    assert [chosen.at(tokens) for tokens in (10, 11, 999)] == [None, chosen.before, chosen.before]
    assert chosen.at(1000) is chosen
    assert chosen.before.forms == ("ansi", "blanks") and chosen.untouched_tokens == 10


def test_the_trigger_never_undercuts_the_threshold():
    assert triggered(5, threshold_tokens=10).at(10) is None


def test_a_mode_that_waits_for_its_trigger_does_something():
    assert not triggered(1000, "off", "pack").does_nothing
    assert not triggered(1000, "pack", "off").does_nothing
    assert triggered(1000, "off", "off").does_nothing
    assert triggered(1000, "pack", "off").folder == "/raw"
    assert triggered(1000, "pack", "lite").refers and triggered(1000, "lite").remembers


def test_aggressive_always_acts():
    assert plan(load({}, mode="aggressive")).threshold_tokens == 0


def test_a_combo_brings_the_forms_of_its_engines_and_keeps_their_order():
    steps = (Step("lite"), Step("rtk", intensity="minimal"), Step("pack"), Step("caveman"))
    chosen = plan(load({}), policy=Policy(), chosen=Chosen("strict", "stacked", steps, "header"))
    assert chosen.forms == tuple(
        each
        for each in FORMS
        if each in ("ansi", "envelope", "written", "gutter", "search", "blanks")
    )
    assert [each.engine for each in chosen.steps] == ["lite", "rtk", "caveman"]
    assert (chosen.pipeline, chosen.references) == ("pack", True)
    assert chosen.rtk.intensity == "minimal"


def test_a_plan_is_told_the_same_in_every_process():
    assert "0x" not in repr(triggered(1000, "stacked", "aggressive"))


def test_the_user_s_language_packs_are_part_of_a_plan_that_shortens_prose(tmp_path):
    settings = load({}, home=tmp_path, mode="standard")
    before = plan(settings)
    pack = tmp_path / "language-packs" / "mine.yaml"
    pack.parent.mkdir()
    pack.write_text(
        "language: en\nrules:\n  - {name: x, category: phrase, find: leverage, to: use}"
    )
    assert before.pack_set == "" and plan(settings).pack_set
    assert repr(plan(settings)) != repr(before)
    assert plan(load({}, home=tmp_path, mode="lite")).pack_set == ""
