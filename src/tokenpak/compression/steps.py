"""The engines of a plan, one after another, on one part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from tokenpak.canonical import Part
from tokenpak.compression import lite, outputs
from tokenpak.compression.kinds import kind
from tokenpak.compression.select import Plan
from tokenpak.engines import get_engine
from tokenpak.engines.base import CompactionEngine
from tokenpak.policy import Step
from tokenpak.recipes.running import is_json
from tokenpak.recovery import raw_path
from tokenpak.tokens import count


@dataclass(slots=True)
class Rewriting:
    """What became of a text; `versions` names the techniques, with the text after each."""

    text: str
    versions: list[tuple[str, str]] = field(default_factory=list)
    rules: Counter[str] = field(default_factory=Counter)
    """Rules that were applied, and how often."""
    whole: str | None = None
    """The text that must be kept, as a marker says where."""

    def take(self, technique: str, text: str) -> None:
        """Go on with *text*, which *technique* made."""
        if text != self.text:
            self.versions.append((technique, text))
            self.text = text


class _Made(NamedTuple):
    """What one step made of a text."""

    technique: str
    text: str
    rules: Mapping[str, int] = {}
    keep: bool = False


_Engine = Callable[[str, Part, Step, Plan], _Made]


def touches(part: Part, plan: Plan) -> bool:
    """Whether any step of *plan* may change parts like *part*."""
    if part.span is not None and plan.recipe is not None and plan.recipe.touches(part):
        return True
    return part.span is not None and any(_touches(part, each, plan) for each in plan.steps)


def run(found: Rewriting, part: Part, plan: Plan) -> None:
    """Take *found*, a text of *part*, through the recipe and the steps of *plan*."""
    if plan.recipe is not None and (text := plan.recipe(part, found.text)) is not None:
        _follow(found, text, part, plan)
    for step in plan.steps:
        if not _touches(part, step, plan):
            continue
        if found.whole is not None and step.engine == "rtk":
            continue  # a marker says already where the whole text is, which would be another one
        made = _ENGINES.get(step.engine, _any)(found.text, part, step, plan)
        if made.text == found.text:
            continue
        if made.keep:
            found.whole = found.text
        found.take(made.technique, made.text)
        found.rules.update(made.rules)


def _follow(found: Rewriting, text: str, part: Part, plan: Plan) -> None:
    """Take *text*, which the recipe made of *found*; of a result a marker says where the rest is.

    JSON stays JSON, so nothing can be said there.
    """
    if part.kind == "tool_result" and plan.raw_folder is not None and not is_json(text):
        where = f"whole text in {raw_path(plan.raw_folder, found.text)}"
        text = outputs.pointing(text, found.text, where)
        if where in text:
            found.whole = found.text
    found.take("directives", text)


def engines_of(saved_by: Mapping[str, int], plan: Plan) -> dict[str, int]:
    """Tokens saved by engine: those of forms count for the engine that brings them.

    What is asked of the model and what a recipe did are told by themselves.
    """
    plans = [plan]
    while plans[-1].before is not None:
        plans.append(plans[-1].before)
    own = [step.engine for each in plans for step in each.steps]
    packing = [each.pipeline for each in plans if each.references]
    base = [*packing, *own, plan.pipeline][0]
    found: Counter[str] = Counter()
    for technique, tokens in saved_by.items():
        engine = "lite" if technique in _OF_LITE and "lite" in own else technique
        found[engine if engine in (*own, "output", "directives") else base] += tokens
    return dict(found)


_SHORT_CHARS = 2000
"""Characters below which `pack` filters no output: it saves next to nothing there (0.05 % of what
recorded conversations cost), and a short output is read whole."""
_OF_LITE = frozenset({"ansi", "blanks", "repeats", "repeated-lines", "images"})


def _touches(part: Part, step: Step, plan: Plan) -> bool:
    if step.engine == "rtk":
        wanted = not plan.filtered or kind(part.call) in plan.filtered
        return wanted and outputs.touches(part, plan.rtk)
    if step.engine == "lite":
        return part.kind == "tool_result"
    targets = step.apply_to or ("tool_result",)
    return _target(part) in targets


def _target(part: Part) -> str:
    if part.kind != "text":
        return part.kind
    return "user" if part.role == "user" else "assistant"


def _rtk(text: str, part: Part, step: Step, plan: Plan) -> _Made:
    shown = outputs.filtered(
        text,
        part,
        plan.raw_folder,
        plan.rtk,
        plan.filter_set,
        known_only=bool(plan.filtered),
        at_least=_SHORT_CHARS if plan.pipeline == "pack" and plan.filtered else 0,
    )
    rules = {f"rtk:{shown.filter}": 1} if shown.filter else {}
    return _Made("rtk", shown.text, rules, shown.keep)


def _lite(text: str, part: Part, step: Step, plan: Plan) -> _Made:
    return _Made("repeated-lines", lite.fold_lines(text, part))


def _caveman(text: str, part: Part, step: Step, plan: Plan) -> _Made:
    # Its rules take a while to load, and most conversations go without.
    from tokenpak.engines.caveman import shorten
    from tokenpak.engines.caveman.inforce import packs_of

    packs = packs_of(plan.pack_set)
    skip: tuple[str, ...] = ()
    if step.skip_rules:
        # A rule of a pack that was taken away since has nothing to be skipped.
        names = {rule.name for each in packs for rule in each.described}
        skip = tuple(each for each in step.skip_rules if each in names)
    made = shorten(
        text,
        intensity=step.intensity or "full",  # type: ignore[arg-type]  # the policy checked it
        languages=step.languages or None,
        skip=skip,
        preserve=step.preserve_patterns,
        packs=packs,
    )
    return _Made("caveman", made.text, made.rules)


def _any(text: str, part: Part, step: Step, plan: Plan) -> _Made:
    """Any other engine, kept only where it makes the text shorter."""
    hints = {"max_tokens": step.max_tokens} if step.max_tokens else None
    made = _engine(step.engine).compact(text, hints)
    return _Made(step.engine, made if made != text and count(made) < count(text) else text)


@cache
def _engine(name: str) -> CompactionEngine:
    return get_engine(name)


_ENGINES: Mapping[str, _Engine] = {"rtk": _rtk, "lite": _lite, "caveman": _caveman}
