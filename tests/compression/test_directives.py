from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import recorded
from tokenpak.canonical import Part
from tokenpak.compression.body import Compressor
from tokenpak.compression.directives import chosen_step, run, step, working_folder
from tokenpak.compression.pipeline import CompressionPipeline
from tokenpak.errors import ConfigError
from tokenpak.policy import Policy, Route, Step
from tokenpak.policy.model import DEFAULT_COMBO, Combo
from tokenpak.recipes import Recipe, get_recipe, read_recipe
from tokenpak.recipes.inforce import choose
from tokenpak.settings import Settings, load
from tokenpak.tokens import count
from tokenpak.wire import get_adapter

RECIPE = read_recipe(
    """
name: x
version: "1"
description: d
directives:
  - {type: tool_result, action: truncate, head: 5, tail: 5}
  - {type: [text, markdown], action: filter_tokens, ratio: 0.5, min_tokens: 40}
  - {type: code, action: truncate, head: 2, tail: 1}
""",
    "x",
)
LONG = "\n".join(f"row {i}" for i in range(300))
HUGE = "\n".join(f"row {i}" for i in range(2000))
BODY = json.dumps({"model": "m", "messages": [{"role": "user", "content": f"```\n{HUGE}\n```"}]})


def part(text: str, kind: str = "text", role: str = "user", **more: object) -> Part:
    return Part(kind, role, json.dumps(text).encode(), span=(0, 9), **more)  # type: ignore[arg-type]


def settings(home: Path, **more: object) -> Settings:
    return load({}, home=home, mode="strict", **more)


def test_fences_inside_of_a_text_are_pieces_of_their_own() -> None:
    text = f"Look:\n\n```\n{LONG}\n```\n\n\nAnd fix it."

    assert step(RECIPE)(part(text)) == (
        "Look:\n\n```\nrow 0\nrow 1\n[297 lines left out]\nrow 299\n```\n\n\nAnd fix it."
    )


@pytest.mark.parametrize(
    "untouched",
    [
        part(LONG, "tool_use", "assistant"),
        part(LONG, "thinking", "assistant"),
        part(f"```\n{LONG}\n```", "text", "assistant"),
        Part("tool_result", "tool", json.dumps(LONG).encode()),
        Part("tool_result", "tool", b"[1]", span=(0, 3)),
        part("short"),
    ],
)
def test_what_may_not_be_rewritten_stays(untouched: Part) -> None:
    assert step(RECIPE)(untouched) is None


def test_a_step_is_told_by_what_its_recipe_does() -> None:
    other = Recipe(name="x", version="1", description="d", directives=RECIPE.directives[:1])

    assert repr(step(RECIPE)) == repr(step(RECIPE)) != repr(step(other))


@pytest.mark.parametrize("name", recorded.NAMES)
def test_of_recorded_conversations_only_texts_change_and_all_get_shorter(name: str) -> None:
    adapter = get_adapter(recorded.adapter_name(name))
    parts = adapter.decode_request(recorded.body(name)).parts

    new = run(parts, RECIPE)

    assert all(parts[i].kind in ("text", "tool_result", "system") for i in new)
    assert all(count(text) < count(parts[i].text) for i, text in new.items())


@pytest.mark.parametrize("name", recorded.NAMES)
@pytest.mark.parametrize("recipe", ["balanced", "tight-budget", "chat-history"])
def test_what_was_sent_stays_as_it_was_sent(name: str, recipe: str, tmp_path: Path) -> None:
    adapter = get_adapter(recorded.adapter_name(name))
    warm = Compressor(load({}, home=tmp_path))
    sent: list[str] = []
    for upto in [*recorded.turns(name)][:: max(1, len([*recorded.turns(name)]) // 8)]:
        body = recorded.body(name, upto)
        packed = warm.pack(adapter, "", body, route=Route(recipe=recipe))
        texts = [each.text for each in adapter.decode_request(packed.body).parts]
        assert texts[: len(sent)] == sent
        sent = texts
    cold = Compressor(load({}, home=tmp_path)).pack(adapter, "", body, route=Route(recipe=recipe))
    assert cold.body == packed.body


def test_the_request_s_recipe_goes_before_the_project_s_and_that_before_the_setting(
    tmp_path: Path,
) -> None:
    parts = [part("Working directory: /src/app\nPlatform: linux", "system", "system")]
    choose(Path("/src"), "bug-fix", tmp_path)

    def name(asked: str | None, default: str, of: list[Part]) -> str | None:
        found = chosen_step(asked, "", default, tmp_path, of)
        return found.recipe.name if found else None

    assert name("minimal", "k8s", parts) == "minimal"
    assert name(None, "k8s", parts) == "bug-fix"
    assert name(None, "k8s", []) == "k8s"
    assert name(None, "", []) is None
    assert name("off", "k8s", parts) is None
    assert chosen_step(None, "k8s", "", tmp_path, parts).recipe.name == "k8s"  # type: ignore[union-attr]
    with pytest.raises(ConfigError, match="unknown recipe"):
        name("nope", "", parts)


def test_a_recipe_that_nobody_asked_for_in_this_request_never_stops_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        assert chosen_step(None, "", "no-such", tmp_path, []) is None
    assert caplog.text.count("no recipe is in force: recipe: unknown recipe 'no-such'") == 1


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ("<env>\nWorking directory: /a/b\nIs directory a git repo: Yes", "/a/b"),
        ("<environment_context>\n  <cwd>/a/b</cwd>\n", "/a/b"),
        ("I'm currently working in the directory: /a/b/\n", "/a/b"),
        ("Working directory: relative", None),
    ],
)
def test_the_folder_is_what_the_client_says_it_works_in(text: str, folder: str | None) -> None:
    assert working_folder([part(text)]) == folder
    assert working_folder([part("hello", role="assistant"), part(text)]) is None
    assert working_folder([part(text, "tool_result", "tool")]) is None


def test_the_header_s_recipe_acts_and_off_does_nothing(tmp_path: Path) -> None:
    compressor = Compressor(settings(tmp_path, recipe="tight-budget"))
    adapter = get_adapter("anthropic")

    by_setting = compressor.pack(adapter, "", BODY.encode())
    off = compressor.pack(adapter, "", BODY.encode(), route=Route(recipe="off"))
    mode_off = compressor.pack(adapter, "", BODY.encode(), "off")

    assert by_setting.saved_by["directives"] == by_setting.saved_tokens > 100
    assert off.body == mode_off.body == BODY.encode()
    with pytest.raises(ConfigError, match="unknown recipe 'nope'"):
        compressor.pack(adapter, "", BODY.encode(), route=Route(recipe="nope"))


def test_within_the_threshold_nothing_changes(tmp_path: Path) -> None:
    compressor = Compressor(load({}, home=tmp_path, recipe="tight-budget", threshold_tokens=20_000))

    assert compressor.pack(get_adapter("anthropic"), "", BODY.encode()).body == BODY.encode()


@pytest.mark.parametrize("recipe", ["tight-budget", get_recipe("tight-budget")])
def test_the_library_takes_a_recipe_or_its_name(recipe: str | Recipe, tmp_path: Path) -> None:
    messages = json.loads(BODY)["messages"]

    result = CompressionPipeline(settings(tmp_path), recipe=recipe).run(messages)

    assert result.saved_by["directives"] > 100
    assert result.stages_run == ["dedup", "segmentize", "directives"]


def test_the_library_lists_the_names_of_recipes(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="unknown recipe 'nope'; known: .*code-review"):
        CompressionPipeline(settings(tmp_path), recipe="nope")


def test_a_route_s_combo_brings_its_recipe(tmp_path: Path) -> None:
    combo = Combo(id="quiet", name="Quiet", pipeline=(Step(engine="rtk"),), recipe="tight-budget")
    policy = Policy(combos=(DEFAULT_COMBO, combo), assignments={"provider:anthropic": "quiet"})
    compressor = Compressor(settings(tmp_path))
    adapter = get_adapter("anthropic")

    on_route = compressor.pack(adapter, "", BODY.encode(), route=Route("anthropic"), policy=policy)
    elsewhere = compressor.pack(adapter, "", BODY.encode(), route=Route("openai"), policy=policy)

    assert on_route.saved_by["directives"] > 100
    assert elsewhere.body == BODY.encode()


def build(text: str, command: str = "./run.sh") -> bytes:
    use = {"type": "tool_use", "id": "t", "name": "Bash", "input": {"command": command}}
    result = {"type": "tool_result", "tool_use_id": "t", "content": text}
    messages = [
        {"role": "user", "content": f"Run it.\n```\n{HUGE}\n```"},
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [result]},
    ]
    tools = [{"name": "Bash", "input_schema": {"type": "object"}}]
    return json.dumps({"model": "m", "tools": tools, "messages": messages}).encode()


def told(home: Path, body: bytes, *, local: bool = True, **more: object) -> list[str]:
    """The texts that are sent of a conversation under RECIPE."""
    compressor = Compressor(settings(home, **({"recovery": True} | more)))
    adapter = get_adapter("anthropic")
    packed = compressor.pack(adapter, "", body, local=local, recipe=step(RECIPE))
    assert packed.saved_by["directives"] > 100
    return [each.text for each in adapter.decode_request(packed.body).parts]


@pytest.mark.parametrize("mode", ["pack", "rtk", "aggressive"])
@pytest.mark.parametrize("command", ["./run.sh", "npm test", "make"])
def test_of_a_result_a_recipe_says_where_the_whole_text_is(
    tmp_path: Path, mode: str, command: str
) -> None:
    user, _, result = told(tmp_path, build(HUGE, command), pipeline=mode)

    *shown, marker = result.split("\n")
    assert shown == [*HUGE.split("\n")[:5], "[1,990 lines left out]", *HUGE.split("\n")[-5:]]
    path = Path(marker.removeprefix("[whole text in ").removesuffix("]"))
    assert path.read_text() == HUGE
    assert [each.name for each in (tmp_path / "raw").iterdir()] == [path.name]
    assert "left out" in user and "whole text in" not in user


def test_the_file_holds_what_the_recipe_left_out_not_what_a_filter_would(tmp_path: Path) -> None:
    passed = "\n".join(f"tests/test_a.py::test_number_{i} PASSED [ {i % 100}%]" for i in range(900))
    halves = read_recipe(
        """
name: x
version: "1"
description: d
directives: [{type: tool_result, action: truncate, head: 200, tail: 200}]
""",
        "x",
    )
    adapter = get_adapter("anthropic")
    compressor = Compressor(settings(tmp_path, recovery=True, pipeline="rtk"))
    body = build(passed, "pytest -v")

    packed = compressor.pack(adapter, "", body, local=True, recipe=step(halves))

    (kept,) = (tmp_path / "raw").iterdir()
    assert kept.read_text() == passed
    assert adapter.decode_request(packed.body).parts[2].text.endswith(f"\n[whole text in {kept}]")


@pytest.mark.parametrize("more", [{"local": False}, {"recovery": False}, {"pipeline": "off"}])
def test_where_nothing_is_kept_a_recipe_names_no_file(
    tmp_path: Path, more: dict[str, object]
) -> None:
    assert told(tmp_path, build(HUGE), **more)[2].endswith("\nrow 1999")  # type: ignore[arg-type]
    assert not (tmp_path / "raw").exists()


def test_what_an_agent_reads_back_no_recipe_shortens_again(tmp_path: Path) -> None:
    command = f"cat {tmp_path}/raw/0123456789abcdef.txt"

    assert told(tmp_path, build(HUGE, command))[2] == HUGE


def test_what_cannot_be_kept_is_sent_whole(tmp_path: Path) -> None:
    (tmp_path / "raw").write_text("no folder")

    assert told(tmp_path, build(HUGE))[2] == HUGE


def test_json_stays_json_and_names_no_file(tmp_path: Path) -> None:
    text = json.dumps([{"number": i} for i in range(900)], indent=1)
    adapter = get_adapter("anthropic")
    recipe = step(get_recipe("json-payloads"))
    compressor = Compressor(settings(tmp_path, recovery=True))
    packed = compressor.pack(adapter, "", build(text), local=True, recipe=recipe)

    assert len(json.loads(adapter.decode_request(packed.body).parts[2].text)) < 900
