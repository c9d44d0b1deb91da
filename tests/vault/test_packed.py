"""Symbols as bytes and back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tokenpak.symbols import KINDS, Symbol
from tokenpak.vault.packed import pack, unpack, unpacked_texts

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=20)
SYMBOLS = st.lists(
    st.builds(Symbol, NAMES, st.sampled_from(sorted(KINDS.values())), st.integers(1))
)


@given(SYMBOLS, st.lists(NAMES))
def test_what_is_unpacked_is_what_was_packed(symbols: list[Symbol], noted: list[str]) -> None:
    data = pack(symbols, noted)

    assert unpack(data) == (symbols, " ".join(noted))
    assert unpacked_texts(data) == ("\n".join(each.name for each in symbols), " ".join(noted))


def test_blanks_within_a_name_become_one() -> None:
    assert unpack(pack([Symbol("a\n b", "heading", 3)], []))[0] == [Symbol("a b", "heading", 3)]
