"""The packs that TokenPak comes with, and what may be told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from msgspec import Struct

from tokenpak.engines.caveman.reader import read_pack
from tokenpak.engines.caveman.ready import Described, Ready, any_of


class PackTold(Struct, frozen=True, rename="camel"):
    """A pack in the listing of `GET /api/compression/language-packs`."""

    language: str
    categories: tuple[str, ...]
    rule_count: int


class PacksTold(Struct, frozen=True):
    """That listing."""

    languages: tuple[str, ...]
    packs: tuple[PackTold, ...]


@cache
def built_in() -> tuple[Ready, ...]:
    """The packs of all languages, ordered by language."""
    folder = files("tokenpak.engines.caveman").joinpath("packs")
    found = [each for each in folder.iterdir() if each.name.endswith(".yaml")]
    packs = [read_pack(each.read_text("utf-8"), each.name, trusted=True) for each in found]
    return tuple(sorted(packs, key=lambda each: each.language))


def with_packs(own: Sequence[Ready]) -> tuple[Ready, ...]:
    """The built-in packs with *own*: rules for a language that is there join it, in order.

    A rule of one's own goes before a built-in one of the same name, which then does not run.
    """
    found = {each.language: each for each in built_in()}
    for each in own:
        there = found.get(each.language)
        found[each.language] = each if there is None else _joined(there, each)
    return tuple(sorted(found.values(), key=lambda each: each.language))


def _joined(there: Ready, own: Ready) -> Ready:
    named = {each.name for each in own.described}
    index = {
        word: tuple(each for each in phrases if each.rule not in named)
        for word, phrases in there.by_word.items()
    }
    for word, phrases in own.by_word.items():
        index[word] = (*phrases, *index.get(word, ()))
    return replace(
        there,
        hints=there.hints | own.hints,
        guards=there.guards | own.guards,
        speaks=there.speaks | own.speaks,
        commands=there.commands | own.commands,
        described=(*own.described, *(each for each in there.described if each.name not in named)),
        by_word=index,
        unspaced=any_of(index.get("", ())),
        foreign=(*there.foreign, *own.foreign),
    )


def rules(packs: Sequence[Ready] | None = None) -> list[Described]:
    """Every rule of *packs*, by default the built-in ones."""
    chosen = built_in() if packs is None else packs
    return [rule for each in chosen for rule in each.described]


def packs(packs: Sequence[Ready] | None = None) -> PacksTold:
    """The languages, with categories and number of rules."""
    chosen = built_in() if packs is None else packs
    told = tuple(
        PackTold(
            each.language,
            tuple(sorted({rule.category for rule in each.described})),
            len(each.described),
        )
        for each in chosen
    )
    return PacksTold(tuple(each.language for each in told), told)
