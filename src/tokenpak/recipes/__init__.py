"""Recipes: what is done to the pieces of a conversation, written down as YAML."""

from __future__ import annotations

from tokenpak.recipes.catalog import Entry, find, get_recipe, read_all
from tokenpak.recipes.directive import Hints, SegmentType
from tokenpak.recipes.reader import read_recipe
from tokenpak.recipes.recipe import ACTIONS, Recipe, digest
from tokenpak.recipes.running import apply

__all__ = [
    "ACTIONS",
    "Entry",
    "Hints",
    "Recipe",
    "SegmentType",
    "apply",
    "digest",
    "find",
    "get_recipe",
    "read_all",
    "read_recipe",
]
