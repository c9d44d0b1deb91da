from __future__ import annotations

import copy
import json

import pytest

from tests import recorded
from tokenpak import CompressionPipeline
from tokenpak.agent.compression import pipeline as published
from tokenpak.errors import ConfigError
from tokenpak.settings import load
from tokenpak.tokens import count

CODE = "Here is the code:\n" + "\n".join(f"def f{i}(x): return x * {i}" for i in range(500))


def pipeline(mode: str = "hybrid") -> CompressionPipeline:
    return CompressionPipeline(load({}), mode=mode)


def example() -> list[dict[str, str]]:
    return [
        {"role": "user", "content": CODE},
        {"role": "assistant", "content": "I'll review it."},
        {"role": "user", "content": CODE},
        {"role": "user", "content": "Now fix line 42."},
    ]


def test_a_long_message_sent_again_is_left_out():
    messages = example()
    result = pipeline().run(messages)
    assert result.messages == [messages[0], messages[1], messages[3]]
    assert result.removed == 1
    assert result.tokens_raw - result.tokens_after == count(CODE)
    assert 0 < result.savings_pct < 100


@pytest.mark.parametrize("answer", ["yes", "continue", "Please go on."])
def test_a_short_answer_may_be_given_twice(answer):
    said = {"role": "user", "content": answer}
    messages = [*example()[:2], said, {"role": "assistant", "content": "Done."}, said, said]
    assert pipeline("strict").run(messages).messages == messages


def test_another_role_saying_the_same_is_no_repeat():
    messages = [
        {"role": "user", "content": CODE},
        {"role": "assistant", "content": CODE},
        {"role": "user", "content": "ok"},
    ]
    assert pipeline("strict").run(messages).messages == messages


def test_below_the_threshold_nothing_happens():
    messages = [{"role": "user", "content": "hello " * 100}] * 3
    result = pipeline().run(messages)
    assert (result.messages, result.stages_run, result.savings_pct) == (messages, [], 0.0)


def test_what_was_given_is_not_changed():
    messages = recorded.session("claude_code")["messages"]
    before = copy.deepcopy(messages)
    result = pipeline("strict").run(messages)
    assert messages == before and result.messages != before


@pytest.mark.parametrize("name", recorded.NAMES)
def test_calls_and_results_keep_their_places(name):
    messages = recorded.session(name)["messages"]
    result = pipeline("strict").run(messages)
    assert [_frame(m) for m in result.messages] == [_frame(m) for m in messages]
    assert result.tokens_after <= result.tokens_raw


def _frame(message: dict) -> str:
    content = message.get("content")
    blocks = content if isinstance(content, list) else [{"type": "string"}]
    frame = [{k: v for k, v in b.items() if k not in ("content", "text")} for b in blocks]
    return json.dumps([frame, {k: v for k, v in message.items() if k != "content"}])


def test_segments_cover_the_conversation():
    result = pipeline("strict").run(recorded.session("codex")["messages"])
    assert {segment.type for segment in result.segments} >= {"tool_call", "tool_result"}
    assert result.stages_run == ["dedup", "segmentize", "directives"]


def test_hooks_run_in_the_order_of_adding():
    one = pipeline()
    one.add_hook(lambda messages: [*messages, {"role": "user", "content": "first"}])
    one.add_hook(lambda messages: [*messages, {"role": "user", "content": "second"}])
    result = one.run([{"role": "user", "content": "hi"}])
    assert [m["content"] for m in result.messages] == ["hi", "first", "second"]
    assert result.savings_pct < 0


@pytest.mark.parametrize("bad", [lambda messages: 1 / 0, lambda messages: None, lambda m: ["text"]])
def test_a_hook_that_fails_is_skipped_and_named(bad):
    one = pipeline()
    one.add_hook(bad)
    one.add_hook(lambda messages: messages[-1:])
    result = one.run(example())
    assert result.messages == example()[-1:]
    assert "skipped" in result.stages_run[-2]


@pytest.mark.parametrize("messages", ["text", b"text", [1], [None]])
def test_what_is_no_list_of_messages_is_refused(messages):
    with pytest.raises(TypeError, match="expected a list of objects"):
        pipeline().run(messages)


def test_an_unknown_mode_is_refused_with_the_known_ones():
    with pytest.raises(ConfigError, match="'fast' is unknown; known: hybrid, strict"):
        pipeline("fast")
    with pytest.raises(ConfigError, match="'fast' is neither a mode nor a combo"):
        CompressionPipeline(load({}, pipeline="fast"))


def test_the_published_address_is_the_same_class():
    assert published.CompressionPipeline is CompressionPipeline
