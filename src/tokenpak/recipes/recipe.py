"""A recipe: its name, and the directives that it consists of."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, get_args

import msgspec
from msgspec import Meta, Struct

from tokenpak.recipes.code import DropComments, SignatureOnly
from tokenpak.recipes.directive import Directive
from tokenpak.recipes.documents import (
    Condense,
    FilterSentences,
    FilterTokens,
    KeepHeaders,
    SchemaSample,
)
from tokenpak.recipes.lines import (
    Dedup,
    FilterOutput,
    FoldRepeats,
    Keep,
    Limit,
    NormalizeWhitespace,
    Replace,
    StripAnsi,
    Truncate,
)

# To add an action: a class with its parameters and its `run`, and its name here.
Action = (
    Keep
    | SignatureOnly
    | DropComments
    | KeepHeaders
    | FilterTokens
    | FilterSentences
    | SchemaSample
    | Condense
    | Truncate
    | Limit
    | FoldRepeats
    | FilterOutput
    | StripAnsi
    | NormalizeWhitespace
    | Dedup
    | Replace
)
ACTIONS: dict[str, type[Directive]] = {
    str(each.__struct_config__.tag): each for each in get_args(Action)
}


class Recipe(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is done to the pieces of a conversation, by their type.

    The directives apply in their order, each to what the ones before it left; `keep` ends them.
    """

    name: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
    version: Annotated[str, Meta(min_length=1, max_length=20)]
    description: Annotated[str, Meta(min_length=1, max_length=300)]
    directives: Annotated[tuple[Action, ...], Meta(min_length=1, max_length=100)]


def digest(recipe: Recipe) -> str:
    """A short hash of all that *recipe* says; the same on every machine."""
    return sha256(msgspec.json.encode(recipe)).hexdigest()[:16]
