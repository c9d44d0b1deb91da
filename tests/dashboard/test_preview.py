from __future__ import annotations

import json

import pytest

from tests import recorded
from tokenpak.compression.body import Compressor
from tokenpak.dashboard.api import Api
from tokenpak.settings import load
from tokenpak.wire import get_adapter

WORDY = (
    "Could you please basically explain to me, in order to understand it, how the login works? "
    "I think that it would be really great if you could do that as soon as possible."
)


@pytest.fixture
def ask(tmp_path):
    api = Api(load({}, home=tmp_path))

    def ask(**values):
        return api.answer("POST", "/api/compression/preview", json.dumps(values).encode())

    return ask


def said(text):
    return [{"role": "user", "content": text}]


def test_texts_counts_and_a_diff_are_given(ask):
    status, found = ask(mode="stacked", messages=said(WORDY))
    assert status == 200
    assert (found["mode"], found["engine"]) == ("stacked", "caveman")
    assert found["compressionComboId"] == "default-caveman"
    assert found["original"] == WORDY and found["messages"] == said(found["compressed"])
    assert found["originalTokens"] - found["compressedTokens"] == found["tokensSaved"] > 0
    assert found["techniquesUsed"] == ["caveman"] and found["rulesApplied"]
    assert [each["type"] for each in found["diff"]] == ["removed", "added"]


@pytest.mark.parametrize("mode", ["pack", "rtk", "stacked", "lite", "aggressive", "off"])
def test_it_gives_what_the_proxy_sends(ask, tmp_path, mode):
    body = json.loads(recorded.body("claude_code", 20))
    status, found = ask(mode=mode, messages=body["messages"])
    packed = Compressor(load({}, home=tmp_path, mode="strict")).pack(
        get_adapter("anthropic"), "", json.dumps(body).encode(), mode
    )
    assert status == 200 and found["messages"] == json.loads(packed.body)["messages"]
    assert found["tokensSaved"] == packed.saved_tokens


def test_settings_of_the_request_count_for_it_alone(ask):
    settings = {"outputMode": True, "cavemanConfig": {"skipRules": ["polite-request"]}}
    messages = [{"role": "system", "content": "Be kind."}, *said(WORDY)]
    found = ask(mode="standard", messages=messages, config=settings)[1]
    assert found["outputMode"] == "full" and "polite-request" not in found["rulesApplied"]
    assert found["messages"][0]["content"].startswith("Be kind.\n\n")
    assert ask(mode="standard", messages=messages)[1]["outputMode"] is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "messages"),
        ({"messages": "x"}, "messages"),
        ({"messages": [7]}, "messages"),
        ({"messages": [], "mod": "x"}, "mod"),
        ({"messages": [], "mode": 7}, "mode"),
        ({"messages": [], "config": []}, "config"),
        ({"messages": [], "config": {"x": 1}}, "x"),
    ],
)
def test_a_question_that_is_none_is_refused(ask, values, field):
    status, body = ask(**values)
    assert status == 400 and body["error"]["details"][0]["field"] == field


def test_an_unknown_mode_lists_the_known_ones(ask):
    status, body = ask(messages=said("x"), mode="tiny")
    assert status == 400 and "default-caveman" in body["error"]["message"]


def test_a_tool_s_message_without_a_call_stays(ask):
    messages = [{"role": "tool", "content": "npm test output here"}]
    assert ask(mode="rtk", messages=messages)[1]["messages"] == messages


def test_very_long_texts_are_not_compared_line_by_line(ask):
    lines = [f"{n} went by" for n in range(5000)]
    messages = said("\n".join([WORDY, "", *lines]))
    found = ask(mode="standard", messages=messages)[1]
    assert len(found["diff"]) == 2


STATUS = (
    "On branch main\nUntracked files:\n"
    '  (use "git add <file>..." to include in what will be committed)\n\ta.py\n'
)


@pytest.mark.parametrize("call", [{}, {"tool_call_id": "c9"}])
def test_a_command_can_be_named_for_a_tool_message_without_its_call(ask, call):
    tool = {"role": "tool", "content": STATUS} | call
    asked = said("Go.")

    status, found = ask(mode="rtk", command="git status", messages=[*asked, tool])

    assert status == 200 and found["rulesApplied"] == {"rtk:git-status": 1}
    short = found["compressed"].removeprefix("Go.\n")
    assert found["messages"] == [*asked, tool | {"content": short}] and len(short) < len(STATUS)
    assert found["original"] == f"Go.\n{STATUS}"
    assert ask(mode="rtk", messages=[*asked, tool])[1]["tokensSaved"] == 0


def test_a_command_is_not_taken_for_what_another_call_printed(ask):
    function = {"name": "bash", "arguments": '{"command": "cat notes.txt"}'}
    call = {"id": "c1", "type": "function", "function": function}
    messages = [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": STATUS},
    ]
    found = ask(mode="rtk", command="git status", messages=messages)[1]
    assert "rtk:git-status" not in found["rulesApplied"] and "git add" in found["compressed"]
    assert [each.get("tool_call_id") for each in found["messages"]] == [None, "c1"]
