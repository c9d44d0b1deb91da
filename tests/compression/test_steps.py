from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from tests.calls import said, shell
from tokenpak.compression import steps
from tokenpak.compression.packer import Packer
from tokenpak.compression.select import Plan
from tokenpak.compression.steps import Rewriting, engines_of, run, touches
from tokenpak.engines import HeuristicEngine
from tokenpak.engines.caveman.inforce import pack_set
from tokenpak.policy import Step

WORDY = (
    "Could you please basically explain to me, in order to understand it, how the login works? "
    "I think that it would be really great if you could do that as soon as possible."
)
RUFF = "\n".join(f"src/a.py:{n}:1: F401 [*] `os` imported but unused" for n in range(1, 40))
CAVEMAN = Step("caveman", intensity="full", apply_to=("user",))


def plan(*engines: Step, references: bool = False) -> Plan:
    return Plan("pack" if references else "stacked", (), references, 0, steps=engines)


@pytest.mark.parametrize(
    ("step", "touched"),
    [
        (CAVEMAN, ["user"]),
        (Step("caveman", apply_to=("assistant", "system")), ["assistant"]),
        (Step("rtk"), ["shell"]),
        (Step("lite"), ["shell"]),
        (Step("heuristic"), ["shell"]),
        (Step("heuristic", apply_to=("user",)), ["user"]),
    ],
)
def test_a_step_touches_what_it_is_made_for_or_told_to(step, touched):
    parts = {
        "user": said("user", "x"),
        "assistant": said("assistant", "x"),
        "shell": shell("ruff check", "x"),
    }
    assert [name for name, part in parts.items() if touches(part, plan(step))] == touched


def test_steps_run_in_their_order_and_say_what_each_made():
    part = shell("ruff check", RUFF + "\nsame\nsame\nsame\nsame\nsame\nsame")
    found = Rewriting(part.text)
    run(found, part, plan(Step("lite"), Step("rtk")))
    assert [name for name, _ in found.versions] == ["repeated-lines", "rtk"]
    assert found.text == found.versions[-1][1]


def test_prose_of_users_is_shortened_and_the_rules_are_told():
    packed = Packer().pack([said("user", WORDY), said("assistant", WORDY)], plan(CAVEMAN))
    assert list(packed.texts) == [0] and len(packed.texts[0]) < len(WORDY)
    assert packed.saved_by.keys() == {"caveman"} and sum(packed.rules.values()) >= 2


def test_packs_of_the_user_shorten_prose_until_they_are_taken_away(tmp_path):
    file = tmp_path / "language-packs" / "mine.yaml"
    file.parent.mkdir()
    file.write_text(
        "language: en\nrules: [{name: mine, category: phrase, find: leverage, to: use}]"
    )
    text = "You should leverage the lock of the file in the server."

    def packed(step):
        chosen = replace(plan(step), pack_set=pack_set(tmp_path))
        return Packer().pack([said("user", text)], chosen).texts.get(0, text)

    without = structs.replace(CAVEMAN, skip_rules=("mine",))
    assert "use" in packed(CAVEMAN) and "leverage" in packed(without)
    file.unlink()
    assert packed(CAVEMAN) == packed(without) and "leverage" in packed(without)


class Longer(HeuristicEngine):
    def compact(self, text, hints=None):
        return text + " and more"


class Shorter(HeuristicEngine):
    def compact(self, text, hints=None):
        return text[: hints["max_tokens"]] if hints else text[:3]


@pytest.mark.parametrize(
    ("engine", "step", "text"),
    [
        (Longer, Step("x"), RUFF),
        (Shorter, Step("x"), "src"),
        (Shorter, Step("x", max_tokens=5), "src/a"),
    ],
)
def test_any_other_engine_is_kept_only_where_it_shortens(monkeypatch, engine, step, text):
    monkeypatch.setattr(steps, "_engine", lambda name: engine())
    found = Rewriting(RUFF)
    run(found, shell("ruff", RUFF), plan(step))
    assert found.text == text


@pytest.mark.parametrize(
    ("chosen", "engines"),
    [
        (plan(references=True), {"pack": 30}),
        (plan(Step("rtk"), CAVEMAN, references=True), {"pack": 6, "rtk": 8, "caveman": 16}),
        (plan(Step("rtk"), CAVEMAN), {"rtk": 14, "caveman": 16}),
        (replace(plan(CAVEMAN), before=plan(references=True)), {"pack": 14, "caveman": 16}),
    ],
)
def test_savings_are_told_by_engine(chosen, engines):
    saved_by = {"references": 4, "ansi": 2, "rtk": 8, "caveman": 16}
    assert engines_of(saved_by, chosen) == engines
    recipe = {"directives": 5}
    assert engines_of(saved_by | recipe, chosen) == engines | recipe


def test_references_point_to_the_text_as_it_is_sent():
    code = ["```", *(f"value_{n} = {n * 37 % 101}" for n in range(30)), "```"]
    pasted = "\n".join([WORDY, "", *code, "", WORDY])
    parts = [said("user", pasted), *_shown("cat a", pasted)]
    packed = Packer().pack(parts, plan(CAVEMAN, references=True))
    assert 0 in packed.texts and "same as lines" in packed.texts[2]
    # What was shortened above is no longer there to be pointed to: only the text itself has it.
    assert packed.texts[2].startswith(WORDY)
    assert packed.texts[2].endswith("[1 line same as line 1 above]")


def _shown(command, text):
    part = shell(command, text)
    return [part.call, part]
