from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tokenpak.compression.rawfiles import raw_path


@given(st.text(), st.text())
def test_the_address_follows_from_the_content_alone(one, two):
    assert (raw_path("/r", one) == raw_path("/r", two)) == (one == two)


def test_the_address_is_a_file_in_the_folder():
    assert raw_path("/r", "abc") == "/r/ba7816bf8f01cfea.txt"


def test_lone_surrogates_have_an_address_too():
    assert raw_path("/r", "\ud800").startswith("/r/")
