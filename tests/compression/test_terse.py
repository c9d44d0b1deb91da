from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import recorded
from tests.calls import said
from tokenpak.canonical import Part
from tokenpak.compression import terse
from tokenpak.compression.body import Compressor
from tokenpak.engines.caveman import terse_instruction
from tokenpak.policy import Combo, CompressionSettings, Policy, Step
from tokenpak.policy.choose import named
from tokenpak.policy.model import DEFAULT_COMBO
from tokenpak.settings import load
from tokenpak.wire import get_adapter

ON = CompressionSettings(output_mode=True, output_mode_intensity="lite", output_mode_language="de")
ULTRA = Combo("u", "U", (Step("rtk"),), output_mode=True, output_mode_intensity="ultra")


def system(span: tuple[int, int] | None = (0, 0)) -> Part:
    return Part("system", "system", b'"x"', span=span)


@pytest.mark.parametrize(
    ("settings", "mode", "level"),
    [
        (ON, "pack", "lite"),
        (ON, "off", None),
        (ON, "u", "ultra"),
        (CompressionSettings(), "u", "ultra"),
        (CompressionSettings(), "pack", None),
    ],
)
def test_the_combo_or_the_settings_ask_for_terse_answers(settings, mode, level):
    chosen = named(Policy(combos=(DEFAULT_COMBO, ULTRA)), "hybrid", mode)
    wanted = terse.instruction(settings, chosen)
    language = settings.output_mode_language
    assert wanted == (level and (level, terse_instruction(level, language)))


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ([system(), system(), said("user", "x")], 1),
        ([system(), system(None), said("user", "x")], 0),
        ([said("user", "x"), system()], None),
        ([system(None)], None),
        ([], None),
    ],
)
def test_it_goes_to_the_last_opening_prompt_that_may_be_rewritten(parts, place):
    assert terse.place(parts) == place


def pack(body: bytes, wire: str, home: Path):
    return Compressor(load({}, home=home)).pack(
        get_adapter(wire), "", body, "pack", policy=Policy(settings=ON)
    )


def test_every_turn_has_the_same_words_at_the_end_of_its_system_prompt(tmp_path):
    prompts = set()
    for upto in recorded.turns("airline"):
        packed = pack(recorded.body("airline", upto), recorded.adapter_name("airline"), tmp_path)
        prompts.add(json.loads(packed.body)["messages"][0]["content"])
        assert packed.output_mode == "lite" and packed.saved_by["output"] < 0
    (prompt,) = prompts
    before = json.loads(recorded.body("airline"))["messages"][0]["content"]
    assert prompt == before + "\n\n" + terse_instruction("lite", "de")


def test_without_a_system_prompt_nothing_is_done_and_that_is_said(tmp_path):
    body = b'{"messages":[{"role":"user","content":"hi"}]}'
    packed = pack(body, "anthropic", tmp_path)
    assert packed.body is body and packed.output_mode == terse.NO_SYSTEM_PROMPT
