from __future__ import annotations

import csv

import pytest

from tokenpak.processors.csv import condense


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_keeps_the_header_and_rows_of_both_ends(delimiter: str) -> None:
    rows = [delimiter.join(("id", "note"))]
    rows += [f'{at}{delimiter}"two\nlines, {at}"' for at in range(100)]
    short = condense("\n".join(rows) + "\n")

    read = list(csv.reader(short.splitlines(keepends=True), delimiter=delimiter, strict=True))
    assert [row[0] for row in read] == [
        "id", "0", "1", "2", "3", "4", "[93 more rows left out]", "98", "99",
    ]  # fmt: skip
    assert {len(row) for row in read} == {2}


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "", 'a,"b\n' * 30])
def test_short_and_broken_tables_stay(content: str) -> None:
    assert condense(content) == content
