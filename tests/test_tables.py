from __future__ import annotations

import msgspec
import pytest

from tokenpak.tables import table


def test_every_word_of_a_table_is_a_string() -> None:
    words = table("tokenpak.engines.llmlingua", "keep.yaml", dict[str, dict[str, list[str]]])

    assert {"no", "on", "off"} <= {*words["alone"]["en"], *words["with_next"]["en"]}


def test_a_table_of_another_shape_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="Expected `int`"):
        table("tokenpak.engines", "guess.yaml", dict[str, int])
