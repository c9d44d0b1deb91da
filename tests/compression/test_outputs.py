from __future__ import annotations

import json

import pytest

from tests.calls import shell
from tokenpak.compression.outputs import filtered
from tokenpak.compression.packer import Packer
from tokenpak.compression.select import Plan

TEXT = "\n".join(f"src/a.py:{i}:1: F401 unused\n   {i} | import os\n     | ^^" for i in range(30))


def test_a_shell_s_output_goes_through_the_filter_of_its_command():
    out = filtered(TEXT, shell("cd app && ruff check", TEXT), "/raw")
    assert "import os" not in out and "lines left out; whole text in /raw/" in out


def test_where_nothing_can_be_fetched_back_the_marker_says_to_run_it_again():
    out = filtered(TEXT, shell("ruff check", TEXT), None)
    assert "run the command again" in out and "/raw" not in out


def test_the_client_s_own_header_stays():
    text = "[exit code 1, 0.3s]\n" + TEXT
    assert filtered(text, shell("ruff check", text), None).startswith(
        "[exit code 1, 0.3s]\nsrc/a.py"
    )


@pytest.mark.parametrize("raw", ["/raw", None])
def test_what_is_left_out_is_handed_over_before(raw):
    kept = []
    plan = Plan("rtk", ("ansi",), False, -1, raw, None, True)
    part = shell("ruff check", TEXT)
    packed = Packer().pack([part.call, part], plan, kept.append)
    assert kept == ([TEXT] if raw else [])
    assert packed.saved_by.keys() == {"rtk"} and json.loads(packed.literals[1]) == packed.texts[1]
