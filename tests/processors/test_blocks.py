from __future__ import annotations

import pytest

from tokenpak.processors.blocks import MAX_DEPTH, Block, blocks
from tokenpak.processors.scanning import scan


def read(text: str, language: str = "c") -> list[Block] | None:
    return blocks(text, scan(text, language, brackets=True), conditions=True)


def test_a_block_knows_what_stands_before_it_and_inside() -> None:
    found = read('int a; int f(int x, char *y) /* c */ {\n if (x) {\n "}";\n }\n}\n')

    assert found is not None
    assert [each.header for each in found] == [" int f()  "]
    assert [each.header.strip() for each in found[0].inner] == ["if ()"]


def test_branches_of_a_condition_begin_alike() -> None:
    found = read("#if A\nint f() {\n#else\nint g() {\n#endif\n x();\n}\n")

    assert found is not None
    assert [each.header.split()[-1] for each in found] == ["g()"]


@pytest.mark.parametrize("text", ["{", "}", "(]", "/* {", "(" * MAX_DEPTH + ")" * MAX_DEPTH])
def test_brackets_that_do_not_pair_give_none(text: str) -> None:
    assert read(text) is None
