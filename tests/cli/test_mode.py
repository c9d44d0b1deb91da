"""The option that every command with modes has."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from tokenpak.cli.mode import checked
from tokenpak.settings import load


def test_a_mode_is_put_in_force(tmp_path: Path) -> None:
    found = checked("strict/ultra", load({}, home=tmp_path))

    assert (found.mode, found.pipeline) == ("strict", "ultra")


def test_a_mode_that_there_is_not_is_misuse_of_the_option(tmp_path: Path) -> None:
    with pytest.raises(click.BadParameter, match="'tiny' is unknown; known: hybrid") as refused:
        checked("tiny", load({}, home=tmp_path))

    assert refused.value.param_hint == "--mode"
