from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.calls import said, shell
from tokenpak.compression.memo import chain
from tokenpak.compression.outputs import filtered
from tokenpak.compression.packer import Packer
from tokenpak.compression.select import plan
from tokenpak.engines.rtk.config import RtkConfig
from tokenpak.settings import load

TEXT = "\n".join(f"src/a.py:{i}:1: F401 unused\n   {i} | import os\n     | ^^" for i in range(30))


def test_a_shell_s_output_goes_through_the_filter_of_its_command():
    out = filtered(TEXT, shell("cd app && ruff check", TEXT), "/raw").text
    assert "import os" not in out and "lines left out; whole text in /raw/" in out


def test_a_short_output_stays_in_pack_and_that_of_an_unknown_program_too():
    part = shell("ruff check", TEXT)
    assert filtered(TEXT, part, "/raw", at_least=len(TEXT) + 1).text == TEXT
    assert filtered(TEXT, part, "/raw", at_least=len(TEXT), known_only=True).text != TEXT
    unknown = "\n".join(["the very same line again"] * 200)
    asked = shell("frobnicate", unknown)
    assert filtered(unknown, asked, "/raw", known_only=True).text == unknown
    assert filtered(unknown, asked, "/raw").text != unknown
    passed = (
        "\n".join(f"--- PASS: TestCart{n} (0.00s)" for n in range(30)) + "\nPASS\nok  \tshop\t0.2s"
    )
    test = shell("go test -v ./...", passed)
    for mode, by_filter in {"pack": False, "aggressive": True}.items():
        chosen = replace(plan(load({}, pipeline=mode), Path("/raw")), threshold_tokens=0)
        assert ("rtk" in Packer().pack([test.call, test], chosen).saved_by) == by_filter


def test_where_nothing_can_be_fetched_back_the_marker_says_to_run_it_again():
    out = filtered(TEXT, shell("ruff check", TEXT), None).text
    assert "run the command again" in out and "/raw" not in out


def test_the_client_s_own_header_stays():
    text = "[exit code 1, 0.3s]\n" + TEXT
    assert filtered(text, shell("ruff check", text), None).text.startswith(
        "[exit code 1, 0.3s]\n[; = "
    )


@pytest.mark.parametrize("raw", ["/raw", None])
def test_what_is_left_out_is_handed_over_before(raw):
    kept = []
    chosen = plan(load({}, mode="rtk"), Path(raw) if raw else None)
    part = shell("ruff check", TEXT)
    packed = Packer().pack([part.call, part], replace(chosen, threshold_tokens=-1), kept.append)
    assert kept == ([TEXT] if raw else [])
    assert packed.saved_by.keys() == {"rtk"} and json.loads(packed.literals[1]) == packed.texts[1]


def test_the_settings_say_what_is_kept():
    part = shell("ruff check", TEXT)

    def kept(**values):
        config = RtkConfig.from_mapping(values)
        shown = filtered(TEXT, part, "/raw", config)
        assert ("/raw/" in shown.text) == shown.keep
        return shown.keep

    assert kept() and kept(rawOutputRetention="always", rawOutputMaxBytes=len(TEXT))
    assert not kept(rawOutputRetention="never") and not kept(rawOutputMaxBytes=len(TEXT) - 1)
    assert not kept(rawOutputRetention="failures")
    failing = TEXT + "\nerror: the disk is full"
    config = RtkConfig(raw_output_retention="failures")
    assert filtered(failing, shell("ruff check", failing), "/raw", config).keep


FENCED = f"Look at this:\n\n```console\n$ ruff check\n{TEXT}\n```\nWhat now?"


@pytest.mark.parametrize(
    ("role", "setting"), [("user", "applyToCodeBlocks"), ("assistant", "applyToAssistantMessages")]
)
def test_outputs_between_fences_are_filtered_only_if_that_is_wanted(role, setting):
    part = said(role, FENCED)
    assert filtered(FENCED, part, None).text == FENCED
    shown = filtered(FENCED, part, None, RtkConfig.from_mapping({setting: True})).text
    assert "import os" not in shown and "; 29:1\n" in shown
    assert shown.startswith("Look at this:\n\n```console\n$ ruff check\n[; = ")
    assert shown.endswith("\n```\nWhat now?")


@pytest.mark.parametrize("fence", ["```python", "```", "~~~"])
def test_code_between_fences_stays(fence):
    text = f"{fence}\n" + "x = 1  # again and again\n" * 30 + fence[:3]
    config = RtkConfig(apply_to_code_blocks=True)
    assert filtered(text, said("user", text), None, config).text == text


@pytest.mark.parametrize("config", [{"enabled": False}, {"applyToToolResults": False}])
def test_switched_off_nothing_is_changed(config):
    part = shell("ruff check", TEXT)
    assert filtered(TEXT, part, None, RtkConfig.from_mapping(config)).text == TEXT


def test_a_user_s_own_filter_acts_and_another_set_is_another_plan(tmp_path):
    folder = tmp_path / "rtk"
    folder.mkdir()
    (folder / "mine.yaml").write_text(
        "name: mine\ndescription: d\nmatch: {command: ['^mine']}\nnoise: ['^step']\n"
    )
    settings = load({}, home=tmp_path, mode="rtk")
    chosen = plan(settings)
    text = "step by step by step\n" * 20 + "done"
    part = shell("mine --all", text)
    assert filtered(text, part, None, chosen.rtk, chosen.filter_set).text == "done"
    (folder / "mine.yaml").unlink()
    after = plan(settings)
    assert filtered(text, part, None, after.rtk, after.filter_set).text != "done"
    assert chain([part], chosen) != chain([part], after)


def test_a_pasted_output_is_filtered_on_the_wire_if_that_is_wanted():
    chosen = replace(plan(load({}, mode="rtk")), threshold_tokens=-1)
    config = RtkConfig(apply_to_code_blocks=True)
    parts = [said("user", FENCED), said("assistant", FENCED)]
    assert Packer().pack(parts, chosen).texts == {}
    packed = Packer().pack(parts, replace(chosen, rtk=config))
    assert list(packed.texts) == [0] and "import os" not in packed.texts[0]
