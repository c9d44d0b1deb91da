"""Prose in fewer words, by rules for each language: the pipeline `standard`."""

from __future__ import annotations

from tokenpak.engines.caveman.catalog import built_in, packs, rules, with_packs
from tokenpak.engines.caveman.engine import CavemanEngine
from tokenpak.engines.caveman.language import detect
from tokenpak.engines.caveman.reader import read_folder, read_pack
from tokenpak.engines.caveman.shorten import Shortened, shorten
from tokenpak.engines.caveman.terse import terse_instruction

__all__ = [
    "CavemanEngine",
    "Shortened",
    "built_in",
    "detect",
    "packs",
    "read_folder",
    "read_pack",
    "rules",
    "shorten",
    "terse_instruction",
    "with_packs",
]
