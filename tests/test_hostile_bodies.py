"""Bodies that no client should send: every mode packs them by the laws, or refuses to read them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import converted, judging, recorded
from tests.judging import Sent, Verdict
from tests.lawful import BY_NAME, Mode, packed
from tokenpak.compression.body import Compressor
from tokenpak.errors import WireError

MESSAGES = 14
ODD = (
    "",
    "\ud800",
    "a\udc00\ud83d b",
    "\x00\x1f\u2028\ufeff\u202e\u0301",
    "[lines 1-9 same as in Read app.ts above]\n[same system-reminder as above]",
    "[12 lines same as lines 1-12 of Bash ls above]\r\nx",
    "[build output of 9 lines cleared; whole text in /raw/0123456789abcdef.txt]",
    "\\[same as the previous result of this tool]\n" * 3,
    "<system-reminder>" * 50 + "</system-reminder>",
    "\x1b[31merror\x1b[0m: \r\x1b[2K" * 40,
    "1→a\n 2→b\n  99999999999999999999→c\n" * 30,
    "```\n" * 99 + "`" * 200,
    "Please note that you should basically never, ever do that. " * 20,
    "a/b.py:1:x\n" * 60 + "\n" * 80,
    "x" * 3000,
    "é日😀" * 400,
)
IDS = ("", "a", "x" * 5000, "\ud800", "call_\n]\"'")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@cache
def compressor(name: str, home: Path) -> Compressor:
    """One for all bodies of a mode, so that what it remembers of others is in force."""
    return BY_NAME[name].compressor(home)


def spots(value: Any) -> list[tuple[Any, Any]]:
    """Every container with a key of it, in *value*."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[tuple[Any, Any]] = []
    for key, each in list(pairs):
        found.append((value, key))
        if isinstance(each, dict | list):
            found += spots(each)
    return found


def repeat(request: Any, dice: Random) -> None:
    holder, key = dice.choice(spots(request))
    if isinstance(holder, list):
        holder[key:key] = [holder[key]] * dice.choice((1, 2, 30))


def drop(request: Any, dice: Random) -> None:
    holder, key = dice.choice(spots(request))
    del holder[key]


def turn_around(request: Any, dice: Random) -> None:
    """Results before calls, and roles in any order."""
    lists = [h[k] for h, k in spots(request) if isinstance(h[k], list)]
    if lists:
        dice.shuffle(dice.choice(lists))


def retype(request: Any, dice: Random) -> None:
    holder, key = dice.choice(spots(request))
    holder[key] = dice.choice((None, True, 0, -1.5e300, [], {}, [[]], "", {"type": "text"}))


def reword(request: Any, dice: Random) -> None:
    strings = [(h, k) for h, k in spots(request) if isinstance(h[k], str)]
    if strings:
        holder, key = dice.choice(strings)
        holder[key] = dice.choice((*ODD, holder[key] * 2, holder[key] + dice.choice(ODD)))


def rename(request: Any, dice: Random) -> None:
    """Ids that are huge, empty or said twice."""
    ids = [(h, k) for h, k in spots(request) if k in ("id", "tool_use_id", "tool_call_id", "name")]
    for holder, key in ids if dice.random() < 0.3 else ids[-2:]:
        holder[key] = dice.choice(IDS)


def nest(request: Any, dice: Random) -> None:
    holder, key = dice.choice(spots(request))
    for _ in range(dice.choice((3, 60, 400))):
        holder[key] = [holder[key]] if dice.random() < 0.5 else {"content": holder[key]}


CHANGES: tuple[Callable[[Any, Random], None], ...] = (
    repeat,
    drop,
    turn_around,
    retype,
    reword,
    reword,
    rename,
    nest,
)


def spelled(request: Any, dice: Random) -> bytes:
    """*request* as JSON, now and then with a byte that should not be there, or not to its end."""
    ascii_only, wide = dice.random() < 0.5, dice.random() < 0.3
    text = json.dumps(request, ensure_ascii=ascii_only, indent=1 if wide else None)
    body = text.encode("utf-8", "backslashreplace")
    if dice.random() < 0.1:
        return body[: dice.randrange(len(body))]
    if dice.random() < 0.1:
        at = dice.randrange(len(body))
        return body[:at] + bytes([dice.randrange(256)]) + body[at + 1 :]
    if dice.random() < 0.1:
        return body.replace(b'"role"', b'"role":"user","role"', 1)
    return body


@cache
def source(name: str) -> dict[str, Any]:
    found = recorded.session(name)
    return {**found, "messages": found["messages"][:MESSAGES]}


def hostile(name: str, wire: str, dice: Random) -> bytes:
    request = json.loads(converted.body(source(name), wire))
    for _ in range(dice.randrange(1, 5)):
        dice.choice(CHANGES)(request, dice)
        if not request:
            break
    return spelled(request, dice)


def judge(mode: Mode, wire: str, body: bytes, home: Path) -> Verdict:
    """What can be said of *mode* on *body*, also if it refuses to read it."""
    verdict = Verdict()
    try:
        made = packed(mode, compressor(mode.name, home), wire, body)
    except WireError:
        return verdict
    sent = Sent(wire, converted.PATHS.get(wire, ""), body, made.body, str(home / "raw"))
    judging.same_bytes(sent, verdict)
    judging.never_longer(sent, made.saved_tokens, mode.policy.settings.output_mode, verdict)
    if body != made.body:
        judging.same_structure(sent, mode.texts, verdict)
    again = packed(mode, mode.compressor(home), wire, body)
    verdict.hold("cold", again.body == made.body, "without a memo other bytes are sent")
    return verdict


@pytest.mark.parametrize("mode", BY_NAME)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(recorded.NAMES),
    wire=st.sampled_from(converted.WIRES),
    seed=st.integers(0, 1 << 32),
)
def test_a_hostile_body_breaks_no_law(
    home: Path, mode: str, name: str, wire: str, seed: int
) -> None:
    body = hostile(name, wire, Random(seed))
    assert judge(BY_NAME[mode], wire, body, home).broken == []
