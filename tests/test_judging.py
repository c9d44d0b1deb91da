"""The judges of the laws see a breach of each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import judging
from tests.judging import Sent, Verdict
from tests.lawful import RESULTS

LOG = "\n".join([f"step {i} of the build went by" for i in range(40)] + ["error: no rule for x.o"])
CALL = {"type": "tool_use", "id": "c1", "name": "Bash", "input": {"command": "make"}}
RESULT = {"type": "tool_result", "tool_use_id": "c1", "content": LOG}
BODY = json.dumps(
    {
        "messages": [
            {"role": "user", "content": "Never delete 3 files of src/a.c, please do not."},
            {"role": "assistant", "content": [CALL]},
            {"role": "user", "content": [RESULT]},
        ]
    }
)


def sent(old: str, new: str, folder: str = "/raw") -> Sent:
    after = BODY.replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1])
    assert after != BODY
    return Sent("anthropic", "", BODY.encode(), after.encode(), folder)


def laws(one: Sent) -> set[str]:
    verdict = Verdict()
    judging.same_bytes(one, verdict)
    judging.same_structure(one, RESULTS, verdict)
    judging.never_longer(one, 0, False, verdict)
    judging.within_threshold(one, 4500, verdict)
    judging.keeps_what_users_mean(one, verdict)
    judging.keeps_alarms(one, judging.reads_back(one, True, verdict), False, verdict)
    return {law for law, _ in verdict.broken}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("c1", "c2", "structure"),
        ("assistant", "user", "structure"),
        ("make", "make -k", "structure"),
        ("Bash", "bash", "structure"),
        ("Never delete", "Delete", "words"),
        (" 3 ", " ", "words"),
        ("src/a.c", "a.c", "words"),
        ("error: no rule for x.o", "error", "alarms"),
        (LOG, LOG + LOG, "size"),
        (LOG, LOG[:-10], "told"),
        (LOG, LOG[:-10], "threshold"),
        (LOG, LOG[:-10], "decode"),
        (LOG, "[41 lines same as lines 1-41 of Bash make above]", "decode"),
        (LOG, f"[shell output of 41 lines cleared; whole text in /raw/{'a' * 16}.txt]", "decode"),
    ],
)
def test_a_breach_is_seen(old: str, new: str, expected: str) -> None:
    assert expected in laws(sent(old, new))


def test_a_byte_outside_of_a_text_is_seen() -> None:
    verdict = Verdict()
    after = BODY.replace(": [{", ":  [{").encode()
    judging.same_bytes(Sent("anthropic", "", BODY.encode(), after), verdict)
    assert {law for law, _ in verdict.broken} == {"bytes"}


def test_a_kept_file_that_holds_something_else_is_seen(tmp_path: Path) -> None:
    name = tmp_path / ("a" * 16 + ".txt")
    one = sent(LOG, f"[build output of 41 lines cleared; whole text in {name}]", str(tmp_path))
    for text, broken in ((LOG, set()), (LOG[1:], {"files"})):
        name.write_text(text, "utf-8")
        verdict = Verdict()
        judging.reads_back(one, False, verdict)
        assert {law for law, _ in verdict.broken} == broken


def test_shown_and_kept_lines_must_make_up_the_result(tmp_path: Path) -> None:
    lines = LOG.split("\n")
    name = tmp_path / ("b" * 16 + ".txt")
    name.write_text(LOG, "utf-8")
    for first, last, broken in ((3, 38, set()), (4, 38, {"decode"}), (3, 37, {"decode"})):
        marker = f"[lines {first}-{last} left out: build output; whole text in {name}]"
        text = "\n".join([*lines[:2], marker, *lines[38:]])
        verdict = Verdict()
        judging.reads_back(sent(LOG, text, str(tmp_path)), False, verdict)
        assert {law for law, _ in verdict.broken} == broken


def test_what_was_sent_must_be_sent_again() -> None:
    first, then = sent(LOG, LOG[:-10]), sent(LOG, LOG[:-20])
    for told, broken in ((False, {"prefix"}), (True, set())):
        verdict = Verdict()
        judging.stays(first, then, told, verdict)
        assert {law for law, _ in verdict.broken} == broken


def test_a_file_is_not_named_to_a_client_elsewhere() -> None:
    verdict = Verdict()
    judging.names_no_file(sent(LOG, f"[whole text in /raw/{'c' * 16}.txt]"), verdict)
    assert {law for law, _ in verdict.broken} == {"files"}
