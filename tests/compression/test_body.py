from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from tests import recorded
from tokenpak.compression.body import Compressor, PackedBody
from tokenpak.errors import ConfigError, WireError
from tokenpak.policy import Combo, CompressionSettings, Policy, Route, Step
from tokenpak.policy.model import DEFAULT_COMBO
from tokenpak.settings import load
from tokenpak.wire import get_adapter

ANTHROPIC = get_adapter("anthropic")
BASH = [{"name": "Bash", "input_schema": {"type": "object"}}]
LOG = "\n".join(f"step {i * 7919 % 9973} of unit-{i % 311} went by" for i in range(900))


def request(tools: list[Any], secret: str = "") -> bytes:
    use = {"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "make"}}
    out = {
        "type": "tool_result",
        "tool_use_id": "t1",
        "content": LOG.replace("step 0", secret or "0"),
    }
    messages = [
        {"role": "user", "content": "Build."},
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [out]},
    ]
    return json.dumps({"model": "m", "tools": tools, "messages": messages}).encode()


def compressor(home: Path, **settings: Any) -> Compressor:
    return Compressor(load({}, home=home, **({"recovery": True} | settings)))


def test_what_is_cut_can_be_read_where_the_marker_says(tmp_path):
    packed = compressor(tmp_path).pack(ANTHROPIC, "", request(BASH), local=True)
    content = json.loads(packed.body)["messages"][2]["content"][0]["content"]
    path = Path(content.split("whole text in ")[1].split("]")[0])
    assert path.parent == tmp_path / "raw"
    assert path.read_text() == LOG.replace("step 0", "0")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert packed.saved_by == {"rtk": packed.saved_tokens} and packed.saved_tokens > 0


def test_secrets_do_not_reach_the_file(tmp_path):
    secret = "ghp_" + "a1B2c3D4e5F6" * 3
    compressor(tmp_path).pack(ANTHROPIC, "", request(BASH, secret), local=True)
    (kept,) = (tmp_path / "raw").iterdir()
    assert secret not in kept.read_text()


@pytest.mark.parametrize(
    ("tools", "local", "settings"),
    [
        ([], True, {}),
        ([{"name": "get_weather", "input_schema": {}}], True, {}),
        (BASH, False, {}),
        (BASH, True, {"recovery": False}),
    ],
)
def test_nothing_is_cut_for_a_client_that_could_not_read_it(tmp_path, tools, local, settings):
    body = request(tools)
    assert compressor(tmp_path, **settings).pack(ANTHROPIC, "", body, local=local).body is body
    assert not (tmp_path / "raw").exists()


def test_nothing_is_cut_or_stored_where_recovery_is_switched_off(tmp_path):
    body = request(BASH)
    off = Compressor(load({}, home=tmp_path, recovery=False))
    assert off.pack(ANTHROPIC, "", body, local=True).body is body
    assert list(tmp_path.iterdir()) == []
    asked = Compressor(load({}, home=tmp_path))
    assert asked.pack(ANTHROPIC, "", body, local=True).body != body


def test_if_the_file_cannot_be_written_the_text_goes_out_whole(tmp_path):
    (tmp_path / "raw").write_text("in the way")
    body = request(BASH)
    assert compressor(tmp_path).pack(ANTHROPIC, "", body, local=True).body is body


def test_the_mode_of_a_request_overrides_the_settings(tmp_path):
    one, body = compressor(tmp_path), request(BASH)
    assert one.pack(ANTHROPIC, "", body, "off", local=True).body is body
    assert one.pack(ANTHROPIC, "", body, "pack", local=True).body != body
    assert one.pack(ANTHROPIC, "", body, "strict").mode == "strict/pack"


def test_an_unknown_mode_and_an_unreadable_body_are_errors(tmp_path):
    one = compressor(tmp_path)
    with pytest.raises(ConfigError, match="'turbo' is unknown"):
        one.pack(ANTHROPIC, "", request(BASH), "turbo")
    with pytest.raises(WireError):
        one.pack(ANTHROPIC, "", b"{nope")


def test_the_conversation_is_counted_as_it_came(tmp_path):
    one = compressor(tmp_path)
    packed = one.pack(ANTHROPIC, "", request(BASH), local=True)
    assert one.tokens_raw(packed.request) > packed.saved_tokens


COMBO = Combo("mine", "Mine", (Step("rtk"), Step("pack"), Step("caveman")))
BY_ROUTE = Policy(
    combos=(DEFAULT_COMBO, COMBO),
    assignments={"client:codex": "mine"},
    settings=CompressionSettings(
        default_mode="lite", auto_trigger_tokens=20_000, auto_trigger_mode="pack"
    ),
)


def with_policy(mode: str | None, route: Route | None, upto: int | None = None) -> PackedBody:
    return Compressor(load({})).pack(
        ANTHROPIC,
        "",
        recorded.body("claude_code", upto),
        mode,
        route=route,
        policy=BY_ROUTE,
    )


def test_the_route_s_combo_is_in_force_and_told():
    packed = with_policy(None, Route("anthropic", None, "codex"))
    assert (packed.mode, packed.combo) == ("hybrid/stacked", "mine")
    assert sum(packed.engines.values()) == packed.saved_tokens
    assert "pack" in packed.engines


def test_from_the_trigger_on_another_mode_is_in_force_and_before_it_nothing_changes():
    turns = list(recorded.turns("claude_code"))
    modes = [with_policy(None, None, upto) for upto in turns]
    assert [each.mode for each in modes] == sorted(each.mode for each in modes)
    assert {each.mode for each in modes} == {"hybrid/lite", "hybrid/pack"}
    lite = with_policy("lite", None)
    last, before = modes[-1].trail.sent, lite.trail.sent
    first = min(set(last) - set(before))
    assert {n: h for n, h in last.items() if n < first} == {
        n: h for n, h in before.items() if n < first
    }
    assert modes[-1].saved_tokens > lite.saved_tokens


def test_what_was_sent_before_the_trigger_stays():
    compressor, sent = Compressor(load({})), []
    for upto in recorded.turns("claude_code"):
        body = recorded.body("claude_code", upto)
        packed = compressor.pack(ANTHROPIC, "", body, policy=BY_ROUTE)
        parts = ANTHROPIC.decode_request(packed.body).parts
        texts = [part.text for part in parts if part.kind in ("text", "tool_result", "tool_use")]
        assert texts[: len(sent)] == sent
        sent = texts


def test_what_is_kept_is_named_at_its_own_turn(tmp_path):
    compressor = Compressor(load({}, home=tmp_path, recovery=True, mode="strict"))
    ids: list[str] = []
    for upto in recorded.turns("claude_code"):
        body = recorded.body("claude_code", upto)
        ids += compressor.pack(ANTHROPIC, "", body, "aggressive", local=True).raw_outputs
    kept = {path.stem for path in (tmp_path / "raw").glob("*.txt")}
    assert set(ids) <= kept and len(ids) == len(set(ids))


def test_what_a_marker_names_is_there_as_long_as_the_conversation_goes_on(tmp_path):
    clock = [1000.0]
    one = compressor(tmp_path)
    one._raw._clock = lambda: clock[0]
    first = one.pack(ANTHROPIC, "", request(BASH), local=True)
    (kept,) = (tmp_path / "raw").iterdir()
    kept.unlink()
    clock[0] += 3600
    again = one.pack(ANTHROPIC, "", request(BASH), local=True)
    assert again.body == first.body
    assert kept.read_text() == LOG.replace("step 0", "0")


def test_an_unwritable_folder_does_not_change_what_was_sent_before(tmp_path):
    """The first result was cut; the second cannot be kept, so it alone goes out whole."""
    one = compressor(tmp_path)
    first = json.loads(one.pack(ANTHROPIC, "", request(BASH), local=True).body)["messages"]
    longer = json.loads(request(BASH))
    for message in request_again(LOG[::-1]):
        longer["messages"].append(message)
    one._raw._write = refuse
    packed = json.loads(one.pack(ANTHROPIC, "", json.dumps(longer).encode(), local=True).body)
    assert packed["messages"][:3] == first
    assert packed["messages"][4]["content"][0]["content"] == LOG[::-1]


def refuse(*_: object) -> None:
    raise OSError(28, "no space left")


def request_again(text: str) -> list[dict[str, Any]]:
    use = {"type": "tool_use", "id": "t2", "name": "Bash", "input": {"command": "make all"}}
    out = {"type": "tool_result", "tool_use_id": "t2", "content": text}
    return [{"role": "assistant", "content": [use]}, {"role": "user", "content": [out]}]
