from __future__ import annotations

from tokenpak.engines.caveman.pack import schema


def test_the_schema_names_every_field_of_a_rule() -> None:
    fields = schema()["$defs"]["Rule"]["properties"]

    assert set(fields) == {
        "name", "category", "find", "to", "intensity", "at", "request", "drops", "anywhere",
        "description",
    }  # fmt: skip
