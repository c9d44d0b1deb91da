from __future__ import annotations

import pytest

from tokenpak.engines.caveman import built_in, terse_instruction
from tokenpak.engines.caveman.pack import INTENSITIES


def test_every_language_has_a_text_of_every_level_with_the_same_reservation() -> None:
    for pack in built_in():
        texts = [terse_instruction(level, pack.language) for level in INTENSITIES]
        endings = {text[-30:] for text in texts}

        assert len(set(texts)) == 3
        assert len(endings) == 1


def test_english_names_what_stays_complete() -> None:
    text = terse_instruction("ultra", "en")

    assert all(word in text for word in ("Code", "commands", "error", "warnings", "destructive"))


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(ValueError, match="unknown language 'xx'; known: de, en"):
        terse_instruction("full", "xx")


def test_an_unknown_level_is_named() -> None:
    with pytest.raises(ValueError, match="unknown level 'max'; known: lite, full, ultra"):
        terse_instruction("max", "en")  # type: ignore[arg-type]
