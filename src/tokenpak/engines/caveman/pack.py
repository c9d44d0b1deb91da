"""The pack format: what a rule file may say. The published schema is made from this."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Intensity = Literal["lite", "full", "ultra"]
INTENSITIES: tuple[Intensity, ...] = ("lite", "full", "ultra")
Category = Literal["request", "filler", "phrase", "structural", "contraction", "ultra", "context",
                   "dedup"]  # fmt: skip

Pattern = Annotated[str, Meta(min_length=1, max_length=1000)]
Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """One rule: every phrase that `find` matches gives way to `to`.

    `find` is a phrase or several: words and groups of words in the syntax of regular expressions,
    letter case ignored, each beginning with a whole word; a blank stands for one to three.
    `to` may name groups as `\\1`; empty takes the phrase out. `intensity` is the lowest at which
    the rule works. `at: start` asks for the start of a sentence. `request` limits it to text that
    asks, instructs or speaks of code, so that passages to be quoted keep their wording. `drops`
    lists the guard words that the rule may take out. `anywhere` allows it beside a guard word.
    """

    name: Name
    category: Category
    find: Pattern | tuple[Pattern, ...]
    to: Annotated[str, Meta(max_length=200)] = ""
    intensity: Intensity = "lite"
    at: Literal["any", "start"] = "any"
    request: bool = False
    anywhere: bool = False
    drops: str = ""
    description: str = ""


class Pack(Struct, frozen=True, forbid_unknown_fields=True):
    """The rules of one language, and what its text looks like.

    `hints` are function words by which the language is known; `guards` words that no rule drops:
    negations, duties, conditions, comparisons, certainty. `speaks` are words of one who speaks to
    somebody (I, you, please), `commands` verbs that open an instruction: by these a request is
    told from a passage. Of each, the words stand in one string, between
    blanks. `script` says how words are told apart: by blanks, or not at all.
    """

    language: Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]
    rules: tuple[Rule, ...]
    script: Literal["words", "han", "kana"] = "words"
    hints: str = ""
    guards: str = ""
    speaks: str = ""
    commands: str = ""
