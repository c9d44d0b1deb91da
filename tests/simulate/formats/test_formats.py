"""The table of formats: each file is claimed by its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulate.recordings import write_json, write_lines
from tokenpak.simulate.formats import FORMATS
from tokenpak.simulate.source import Source

MESSAGE = {"role": "user", "content": "go"}
SAMPLES = {
    "Claude Code": ("s.jsonl", {"type": "user", "uuid": "1", "message": MESSAGE}),
    "Codex": ("rollout-1.jsonl", {"type": "session_meta", "payload": {"id": "x"}}),
    "Gemini CLI": ("s.json", {"sessionId": "s", "projectHash": "h", "messages": []}),
    "OpenCode": ("ses_1.json", {"id": "ses_1", "projectID": "p", "time": {}}),
    "SWE-agent": ("a.traj", {"trajectory": [], "history": []}),
    "session": ("s.json", {"format": "openai", "messages": [MESSAGE]}),
    "requests": ("r.json", {"messages": [MESSAGE]}),
}


@pytest.mark.parametrize("known", FORMATS, ids=lambda each: each.name)
def test_a_file_goes_to_the_first_that_claims_it(known: object, tmp_path: Path) -> None:
    name, value = SAMPLES[known.name]  # type: ignore[attr-defined]
    write = write_lines if name.endswith("l") else write_json
    source = Source(write(tmp_path / name, value))  # type: ignore[operator]
    head = source.head()

    assert next(each for each in FORMATS if each.claims(source, head)) is known


def test_every_format_has_a_sample() -> None:
    assert [each.name for each in FORMATS] == list(SAMPLES)


HOSTILE = [None, 1, "x", [], {}, [[]], {"type": []}, {"message": 1}, {"messages": [1, None]}]


@pytest.mark.parametrize("known", FORMATS, ids=lambda each: each.name)
@pytest.mark.parametrize("value", HOSTILE, ids=repr)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_no_shape_makes_a_claim_fail(
    known: object, value: object, name: str, tmp_path: Path
) -> None:
    source = Source(write_json(tmp_path / name, value))

    assert known.claims(source, source.head()) in (True, False)  # type: ignore[attr-defined]
