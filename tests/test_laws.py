"""The laws of the design, over every pipeline and form and every recorded conversation."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import converted, lawful, recorded
from tests.compression.decoder import Decoder
from tokenpak.canonical import CanonicalRequest
from tokenpak.compression.body import Compressor
from tokenpak.compression.packer import Packer
from tokenpak.compression.select import Plan
from tokenpak.forms import FORMS
from tokenpak.settings import PIPELINES, load
from tokenpak.tokens import count
from tokenpak.wire import get_adapter

# Every mode, and a combo of most engines; the folder holds the combo.
MODES = (*PIPELINES, "everything")
HOME = Path(__file__).parent / "home"
SHORTENS_PROSE = ("standard", "stacked", "everything")

everywhere = pytest.mark.parametrize(
    ("name", "pipeline"), [(name, pipeline) for name in recorded.NAMES for pipeline in MODES]
)
over_sessions = pytest.mark.parametrize("name", recorded.NAMES)


def request(name: str, body: bytes) -> CanonicalRequest:
    return get_adapter(recorded.adapter_name(name)).decode_request(body)


def pack(name: str, body: bytes, pipeline: str, compressor: Compressor | None = None) -> bytes:
    one = compressor or Compressor(load({}, home=HOME))
    return one.pack(get_adapter(recorded.adapter_name(name)), "", body, pipeline).body


@everywhere
def test_law_1_every_byte_outside_the_changed_texts_is_the_clients(name, pipeline):
    body = recorded.body(name)
    packed = pack(name, body, pipeline)
    before, after = request(name, body), request(name, packed)
    assert len(before.parts) == len(after.parts)
    changed = [
        (one.span, two.span)
        for one, two in zip(before.parts, after.parts, strict=True)
        if one.literal != two.literal
    ]
    assert bool(changed) == (packed != body)
    at = here = 0
    for one, two in changed:
        assert body[at : one[0]] == packed[here : two[0]]
        at, here = one[1], two[1]
    assert body[at:] == packed[here:]


def test_law_1_nothing_to_pack_gives_back_the_very_object():
    body = b'{"model":"m","messages":[{"role":"user","content":"hi"}],"x":1E5}'
    packed = Compressor(load({})).pack(get_adapter("anthropic"), "", body)
    assert packed.body is body


def test_law_2_another_process_sends_the_same_bytes():
    program = (
        "import hashlib\nfrom tests import recorded\nfrom tests.test_laws import pack\n"
        "print([hashlib.sha256(pack(n, recorded.body(n), 'pack')).hexdigest()"
        " for n in recorded.NAMES])"
    )
    out = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONHASHSEED": "7", "PYTHONPATH": "."},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    here = [hashlib.sha256(pack(n, recorded.body(n), "pack")).hexdigest() for n in recorded.NAMES]
    assert out.stdout.strip() == str(here)


@everywhere
def test_law_3_no_block_is_longer(name, pipeline):
    body = recorded.body(name)
    before, after = request(name, body), request(name, pack(name, body, pipeline))
    for one, two in zip(before.parts, after.parts, strict=True):
        assert one.literal == two.literal or count(two.text) < count(one.text)


@everywhere
def test_law_4_what_was_sent_stays(name, pipeline):
    warm, sent = Compressor(load({}, home=HOME)), []
    for upto in recorded.turns(name):
        body = recorded.body(name, upto)
        packed = warm.pack(get_adapter(recorded.adapter_name(name)), "", body, pipeline)
        messages = _unmarked(json.loads(packed.body))
        # An epoch is the one thing that may change what was sent, and it is told.
        assert packed.epochs or messages[: len(sent)] == sent
        assert not packed.epochs or pipeline in ("aggressive", "ultra")
        sent = messages
    assert sent == _unmarked(json.loads(pack(name, recorded.body(name, upto), pipeline)))


def _unmarked(request: dict[str, Any]) -> list[Any]:
    """The messages without the cache breakpoint that the client moves from turn to turn."""

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: strip(v) for k, v in value.items() if k != "cache_control"}
        if isinstance(value, list):
            return [strip(each) for each in value]
        return value

    messages = strip(request["messages"])
    for message in messages:
        content = message["content"]
        if isinstance(content, list) and len(content) == 1 and content[0].get("type") == "text":
            message["content"] = content[0]["text"]
    return messages


@everywhere
def test_law_5_structure_is_untouched(name, pipeline):
    body = recorded.body(name)
    texts = {"tool", "user"} if pipeline in SHORTENS_PROSE else {"tool"}
    after = _frame(json.loads(pack(name, body, pipeline)), texts)
    assert after == _frame(json.loads(body), texts)


def _frame(value: Any, texts: set[str]) -> Any:
    """A request without the texts of its tool results and, if they are in *texts*, its users."""
    if isinstance(value, list):
        return [_frame(each, texts) for each in value]
    if not isinstance(value, dict):
        return value
    bare = value.get("type") == "tool_result" or value.get("role") in texts
    return {
        k: _frame(_texts(v), texts) if bare and k == "content" else _frame(v, texts)
        for k, v in value.items()
    }


def _texts(content: Any) -> Any:
    if isinstance(content, str):
        return "text"
    return [{k: "text" if k == "text" else v for k, v in block.items()} for block in content or []]


WORD = re.compile(r"[\w./-]*\w")
ALARM = re.compile(r"error|fail|warn|panic|fatal|exception|traceback", re.IGNORECASE)


@over_sessions
@pytest.mark.parametrize("form", FORMS)
def test_law_6_a_form_keeps_every_word_and_every_alarm(name, form):
    parts = request(name, recorded.body(name)).parts
    for part in parts:
        if part.kind != "tool_result":
            continue
        formed = FORMS[form].apply(part.text, part)
        # A path that the call names is not lost when its result names the file alone.
        held = formed + (part.call.text if part.call and form == "written" else "")
        lost = set(WORD.findall(_meaning(part.text))) - set(WORD.findall(held))
        assert not {word for word in lost if word not in _regrouped(formed)}
        alarms = [line for line in _meaning(part.text).split("\n") if ALARM.search(line)]
        assert len([line for line in formed.split("\n") if ALARM.search(line)]) >= len(alarms) or (
            form == "search"
        )


ENVELOPE = re.compile(
    r"\A(?:Chunk ID: \w+\n)?Wall time: [\d.]+ seconds\nProcess (exited with code|running with)"
    r"|(?<=\n)Original token count: \d+\nOutput:"
)
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def _meaning(text: str) -> str:
    """*text* without what forms are allowed to drop: colours, the client's own envelope."""
    return ENVELOPE.sub("", ESCAPE.sub("", text))


def _regrouped(formed: str) -> set[str]:
    """Words as they stood before grouping: the path again in front of each hit."""
    words, path = set(), ""
    for line in formed.split("\n"):
        if hit := re.match(r" (\d+)([:-])(.*)", line):
            words.update(WORD.findall(f"{path}{hit[2]}{hit[1]}{hit[2]}{hit[3]}"))
        else:
            path = line
    return words


@over_sessions
def test_law_8_references_decode_to_the_original(name):
    parts = request(name, recorded.body(name)).parts
    texts = dict(Packer().pack(parts, Plan("references", (), True, 0)).texts)
    assert texts or name == "airline"
    assert Decoder().read(parts, texts) == [part.text for part in parts]


@over_sessions
def test_law_8_packed_conversations_decode_to_their_forms(name):
    parts = request(name, recorded.body(name)).parts
    chosen = Plan("pack", ("ansi", "envelope", "gutter", "search"), True, 0)
    texts = dict(Packer().pack(parts, chosen).texts)
    for i, decoded in enumerate(Decoder().read(parts, texts)):
        formed = parts[i].text
        if i in texts:
            for form in chosen.forms:
                formed = FORMS[form].apply(formed, parts[i])
        assert decoded == formed


@over_sessions
@pytest.mark.parametrize("mode", lawful.BY_NAME)
def test_a_mode_keeps_every_law_from_turn_to_turn(name, mode, tmp_path):
    turns = list(recorded.turns(name))
    bodies = [recorded.body(name, upto) for upto in (*turns[len(turns) // 2 :][:2], *turns[-3:])]
    one, wire = lawful.BY_NAME[mode], recorded.adapter_name(name)
    verdict, last = lawful.judged(one, wire, bodies, tmp_path)
    assert verdict.broken == []
    assert verdict.checked["structure"] and verdict.checked["prefix"]
    assert lawful.packed(one, one.compressor(tmp_path), wire, bodies[-1]).body == last


@over_sessions
@pytest.mark.parametrize("wire", converted.WIRES)
@pytest.mark.parametrize("mode", ["stacked", "combo: all", "aggressive"])
def test_a_mode_keeps_every_law_in_every_format(name, wire, mode, tmp_path):
    turns = list(recorded.turns(name))[-2:]
    bodies = [converted.body(recorded.session(name), wire, upto) for upto in turns]
    verdict, last = lawful.judged(lawful.BY_NAME[mode], wire, bodies, tmp_path)
    assert verdict.broken == []
    assert last != bodies[-1]
