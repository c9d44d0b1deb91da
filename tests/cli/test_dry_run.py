"""What a file is, and what packing it comes to."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tokenpak.cli.dry_run import DryRun, read, run
from tokenpak.errors import ConfigError, WireError
from tokenpak.settings import Settings
from tokenpak.tokens import count

STRICT = Settings(mode="strict")
LONG = "\n".join(f"def function_number_{at}(argument): return argument + {at}" for at in range(80))


def transcript(*contents: object) -> bytes:
    roles = ("user", "assistant")
    return "\n".join(
        json.dumps({"type": roles[at % 2], "message": {"role": roles[at % 2], "content": each}})
        for at, each in enumerate(contents)
    ).encode()


def call(number: int) -> list[dict[str, object]]:
    return [
        {"type": "tool_use", "id": f"c{number}", "name": "Read", "input": {"file_path": "a.py"}}
    ]


def result(number: int) -> list[dict[str, object]]:
    return [{"type": "tool_result", "tool_use_id": f"c{number}", "content": LONG}]


TWO_READS = ("look", call(1), result(1), call(2), result(2))


@pytest.mark.parametrize(
    ("body", "wire"),
    [
        ({"contents": [{"role": "user", "parts": [{"text": "a"}]}]}, "gemini"),
        ({"input": [{"role": "user", "content": "a"}]}, "openai_responses"),
        ({"messages": [{"role": "user", "content": "a"}]}, "openai_chat"),
        ({"system": "s", "messages": []}, "anthropic"),
        ({"format": "anthropic", "messages": []}, "anthropic"),
        ({"messages": [{"role": "user", "content": call(1)}]}, "anthropic"),
    ],
)
def test_a_request_is_known_by_its_body(body: dict[str, object], wire: str) -> None:
    found = read(json.dumps(body).encode(), "x.json")

    assert (found.kind, found.wire) == ("request", wire)


@pytest.mark.parametrize("data", [b"", b"plain", b'{"a": 1}', b"{broken", b"[1]"])
def test_everything_else_that_is_text_is_a_text(data: bytes) -> None:
    assert read(data, "x.json").kind == "text"


@pytest.mark.parametrize(("data", "name"), [(b"\xff\xfe\x00", "x.txt"), (b"{", "x.jsonl")])
def test_names_the_file_that_cannot_be_read(data: bytes, name: str) -> None:
    with pytest.raises(WireError, match=name):
        read(data, name)


def test_a_transcript_is_packed_as_the_conversation_it_was() -> None:
    done = run(read(transcript(*TWO_READS), "x.jsonl"), STRICT)

    assert done.tokens_after < done.tokens_raw
    assert done.saved_by == {"references": done.tokens_raw - done.tokens_after}
    assert [len(each["content"]) for each in json.loads(done.output)["messages"][1:]] == [1] * 4
    assert len(done.changes) == 1
    assert "same as" in done.changes[0][1]


def test_a_request_keeps_every_byte_that_is_not_packed() -> None:
    messages = [
        {"role": "user" if at % 2 == 0 else "assistant", "content": each}
        for at, each in enumerate(TWO_READS)
    ]
    body = b'{"big": 1E5,  "messages":' + json.dumps(messages).encode() + b" }\n"

    done = run(read(body, "x.json"), STRICT)

    assert done.output.startswith(b'{"big": 1E5,  "messages":')
    assert done.output.endswith(b" }\n")
    assert done.tokens_raw - done.tokens_after == done.saved_by["references"]


def test_a_text_is_packed_as_the_result_of_a_tool() -> None:
    text = "\n".join(f"{at:>6}→line {at}" for at in range(1, 200))

    done = run(read(text.encode(), "x.txt"), STRICT)

    assert done.tokens_raw == count(text)
    assert done.tokens_after == count(done.output.decode()) < done.tokens_raw


@pytest.mark.parametrize("settings", [Settings(), replace(STRICT, pipeline="off")])
def test_below_the_threshold_or_off_nothing_runs(settings: Settings) -> None:
    for data, name in ((transcript(*TWO_READS), "x.jsonl"), (LONG.encode(), "x.txt")):
        done = run(read(data, name), settings)

        assert (done.stages, done.changes) in (([], []), ((), []))
        assert done.tokens_raw == done.tokens_after
        assert "none" in done.summary()


def test_the_summary_is_aligned_on_its_figures() -> None:
    done = DryRun(
        kind="text",
        output=b"",
        tokens_raw=12840,
        tokens_after=6918,
        duration_ms=8.43,
        removed=0,
        segments=14,
        stages=["dedup", "segmentize", "directives", "my_hook"],
        saved_by={},
    )

    assert done.summary() == (
        "Input:  12,840 tokens\n"
        "Output:  6,918 tokens\n"
        "Saved:   5,922 tokens (46.1%)\n"
        "Time:    8.4ms\n"
        "\n"
        "Stages: dedup (0 removed) → segmentize (14 blocks) → directives (applied) → my_hook"
    )


def test_the_figures_say_the_same() -> None:
    figures = run(read(transcript(*TWO_READS), "x.jsonl"), STRICT).figures()

    assert figures["saved_tokens"] == figures["tokens_raw"] - figures["tokens_after"]  # type: ignore[operator]
    assert figures["changed"] == 1


@pytest.mark.parametrize("body", [b"some text", b'{"model": "m", "messages": []}'])
def test_a_pipeline_that_there_is_not_is_told(body: bytes) -> None:
    with pytest.raises(ConfigError, match="'tiny' is neither a mode nor a combo"):
        run(read(body, "a"), Settings(pipeline="tiny"))
