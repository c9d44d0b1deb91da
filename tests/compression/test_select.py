from __future__ import annotations

from pathlib import Path

import pytest

from tokenpak.compression.select import plan
from tokenpak.forms import FORMS
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
        "pack": "/raw",
        "aggressive": "/raw",
        "ultra": "/raw",
        "rtk": "/raw",
    }


def test_only_aggressive_and_ultra_rewrite_what_was_sent():
    assert [p for p in PIPELINES if plan(load({}, mode=p)).epoch_keep] == ["aggressive", "ultra"]
