"""The modes that are held to the laws, and what each of them may touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests import converted, judging
from tests.judging import Sent, Verdict
from tokenpak.compression.body import Compressor, PackedBody
from tokenpak.compression.directives import step
from tokenpak.policy import Combo, CompressionSettings, Policy, Route, Step
from tokenpak.recipes import get_recipe
from tokenpak.settings import load
from tokenpak.wire import get_adapter

LAWS = (
    "bytes",
    "structure",
    "size",
    "told",
    "threshold",
    "prefix",
    "cold",
    "decode",
    "files",
    "alarms",
    "words",
)
RESULTS = frozenset({"result"})
PROSE = frozenset({"result", "user"})
THRESHOLD = 4500


@dataclass(frozen=True)
class Mode:
    """A mode as a request comes to it, and what it promises beyond what all do."""

    name: str
    asked: str | None = None
    """The mode of the request's header; None leaves it to the policy."""
    texts: frozenset[str] = RESULTS
    """Whose texts it may touch."""
    policy: Policy = Policy()
    recipe: str | None = None
    local: bool = True
    """Whether the client is on this machine, so that it can read what is left out."""
    decodable: bool = False
    """Whether every result decodes to its text, or to what forms make of it."""
    alarms: bool = True
    """Whether every line that speaks of a problem stays in sight."""
    epochs: bool = False
    always: bool = False
    """Whether it acts below the threshold, too."""

    def compressor(self, home: Path) -> Compressor:
        when = "strict" if self.always else "hybrid"
        return Compressor(
            load({}, home=home, mode=when, recovery_mb=4096, threshold_tokens=THRESHOLD)
        )


def _combo(*steps: Step) -> Policy:
    return Policy(combos=(Combo(id="combo", name="Combo", pipeline=steps), *Policy().combos))


_EVERYONE = ("user", "assistant", "system")
MODES = (
    Mode("off", "off", frozenset()),
    Mode("lite", "lite", frozenset({"result", "user", "system"})),
    Mode("standard", "standard", frozenset({"user"})),
    Mode("pack", "pack"),
    Mode("pack, remote", "pack", local=False, decodable=True),
    Mode("pack, strict", "pack", local=False, decodable=True, always=True),
    Mode("rtk", "rtk"),
    Mode("rtk, remote", "rtk", local=False),
    Mode("stacked", "stacked", PROSE),
    Mode("aggressive", "aggressive", alarms=False, epochs=True, always=True),
    Mode("ultra", "ultra", alarms=False, epochs=True, always=True),
    Mode("ultra, remote", "ultra", local=False, alarms=False, epochs=True, always=True),
    Mode(
        "combo: all",
        "combo",
        frozenset({"result", "user", "system"}),
        _combo(Step("lite"), Step("rtk"), Step("pack"), Step("caveman", intensity="ultra")),
    ),
    Mode(
        "combo: prose",
        "combo",
        frozenset(_EVERYONE),
        _combo(Step("caveman", intensity="full", apply_to=_EVERYONE)),
        always=True,
    ),
    Mode(
        "combo: fast",
        "combo",
        policy=_combo(Step("heuristic", apply_to=("tool_result",))),
        alarms=False,
    ),
    Mode(
        "recipe", "pack", frozenset({"result", "user", "system"}), recipe="balanced", alarms=False
    ),
    Mode(
        "output mode",
        "lite",
        frozenset({"result", "user", "system"}),
        Policy(settings=CompressionSettings(output_mode=True)),
    ),
    Mode(
        "auto-trigger",
        None,
        frozenset({"result", "user", "system"}),
        Policy(
            settings=CompressionSettings(
                default_mode="lite", auto_trigger_tokens=12_000, auto_trigger_mode="aggressive"
            )
        ),
        alarms=False,
        epochs=True,
    ),
)
BY_NAME = {each.name: each for each in MODES}


def packed(mode: Mode, compressor: Compressor, wire: str, body: bytes) -> PackedBody:
    """*body* as the proxy sends it."""
    return compressor.pack(
        get_adapter(wire),
        converted.PATHS.get(wire, ""),
        body,
        mode.asked,
        local=mode.local,
        route=Route(recipe=mode.recipe),
        policy=mode.policy,
    )


def judged(mode: Mode, wire: str, bodies: Sequence[bytes], home: Path) -> tuple[Verdict, bytes]:
    """What can be said of *mode* on the turns *bodies* of one conversation, and its last body."""
    compressor, verdict = mode.compressor(home), Verdict()
    before: Sent | None = None
    last = b""
    for body in bodies:
        made = packed(mode, compressor, wire, body)
        last = made.body
        path = converted.PATHS.get(wire, "")
        sent = Sent(wire, path, body, last, str(home / "raw"))
        _judge(mode, sent, made, verdict)
        verdict.hold("prefix", mode.epochs or not made.epochs, f"epochs: {made.epochs}")
        if before is not None:
            # Of an epoch between two turns that do not follow each other neither tells.
            judging.stays(before, sent, mode.epochs and _told(before, sent, made), verdict)
        before = sent
    return verdict, last


def _told(before: Sent, sent: Sent, made: PackedBody) -> bool:
    new = sent.old.parts[len(before.old.parts) :]
    answers = {part.message for part in new if part.role == "assistant"}
    return bool(made.epochs) or len(answers) > 1


def _judge(mode: Mode, sent: Sent, made: PackedBody, verdict: Verdict) -> None:
    terse = mode.policy.settings.output_mode
    judging.same_bytes(sent, verdict)
    judging.same_structure(sent, mode.texts, verdict)
    judging.never_longer(sent, made.saved_tokens, terse, verdict)
    judging.keeps_what_users_mean(sent, verdict)
    if not mode.always and not terse:
        judging.within_threshold(sent, THRESHOLD, verdict)
    if mode.name == "off":
        return
    if not mode.local:
        judging.names_no_file(sent, verdict)
    recipe = step(get_recipe(mode.recipe)) if mode.recipe else None
    visible = judging.reads_back(sent, mode.decodable, verdict, recipe)
    if mode.alarms:
        judging.keeps_alarms(sent, visible, mode.local, verdict)
