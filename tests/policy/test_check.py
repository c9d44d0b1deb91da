from __future__ import annotations

import pytest
from msgspec.structs import replace

from tokenpak.policy import Combo, CompressionSettings, Policy, Step, check
from tokenpak.policy.model import DEFAULT_COMBO, Refusal

RTK = (Step("rtk"),)


def combos(*more: Combo) -> Policy:
    return Policy(combos=(DEFAULT_COMBO, *more))


@pytest.mark.parametrize(
    "steps",
    [
        (Step("lite"), Step("rtk"), Step("pack"), Step("caveman", intensity="ultra")),
        (Step("heuristic", apply_to=("tool_result", "user"), max_tokens=100),),
        (Step("ultra"),),
    ],
)
def test_a_pipeline_of_known_engines_is_accepted(steps):
    check.pipeline(steps)


@pytest.mark.parametrize(
    ("steps", "field", "told"),
    [
        ((Step("rtx"),), "pipeline[0].engine", "known: lite, rtk, caveman"),
        ((Step("rtk", intensity="full"),), "pipeline[0].intensity", "minimal"),
        ((Step("lite", intensity="full"),), "pipeline[0].intensity", "expected none"),
        ((Step("rtk", languages=("en",)),), "pipeline[0].languages", "no such option"),
        ((Step("rtk"), Step("rtk")), "pipeline", "twice"),
        ((Step("pack"), Step("rtk")), "pipeline[1].engine", "put it before"),
        ((Step("caveman", apply_to=("tool_result",)),), "pipeline[0].applyTo", "prose"),
        ((Step("caveman", preserve_patterns=("(",)),), "pipeline[0].preservePatterns", "'('"),
        ((Step("caveman", preserve_patterns=(r"(a)\1",)),), "pipeline[0].preservePatterns", "no"),
    ],
)
def test_a_pipeline_that_cannot_be_run_is_refused(steps, field, told):
    with pytest.raises(Refusal) as refused:
        check.pipeline(steps)
    assert refused.value.field == field and told in refused.value.message


def test_an_engine_that_is_not_installed_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path))
    with pytest.raises(Refusal, match="llmlingua"):
        check.pipeline((Step("llmlingua"),))


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        (combos(Combo("a", "A", RTK), Combo("a", "B", RTK)), "twice"),
        (combos(Combo("a", "lite", RTK)), "name of a mode"),
        (combos(Combo("a", "A", RTK, is_default=True)), "exactly one"),
        (Policy(combos=(Combo("a", "A", RTK, is_default=True),)), "always there"),
        (Policy(assignments={"client:codex": "b"}), "no combo"),
        (Policy(assignments={"codex": "default-caveman"}), "no route"),
        (Policy(settings=CompressionSettings(default_mode="b")), "known: off, lite"),
        (Policy(settings=CompressionSettings(auto_trigger_mode="b")), "autoTriggerMode"),
        (Policy(rtk={"intensity": "x"}), "minimal"),
    ],
)
def test_a_policy_that_does_not_fit_together_is_refused(policy, told):
    with pytest.raises(Exception, match=told):
        check.policy(policy)


def test_a_mode_may_be_a_combo():
    settings = CompressionSettings(default_mode="a", auto_trigger_mode="default-caveman")
    check.policy(replace(combos(Combo("a", "A", RTK)), settings=settings))
