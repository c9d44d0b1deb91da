from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.processors import PROCESSORS, get_processor


@pytest.mark.parametrize(
    ("type", "name"),
    [
        ("md", "markdown"),
        ("markdown", "markdown"),
        (".json", "json"),
        ("yml", "yaml"),
        ("HTML", "html"),
        ("tsv", "csv"),
        ("log", "log"),
        ("txt", "text"),
        ("py", "code"),
        ("typescript", "code"),
        ("code", "code"),
    ],
)
def test_a_type_has_its_processor(type: str, name: str) -> None:
    processor = get_processor(type)

    assert processor is not None
    assert processor.name == name


@pytest.mark.parametrize("type", ["png", "", "nosuch"])
def test_other_types_have_none(type: str) -> None:
    assert get_processor(type) is None


ALPHABET = st.sampled_from(
    ["# ", "word ", "\n", "\n\n", "- ", ": ", "{", "}", "[", "]", '"', ",", "1", "<p>", "</p>", "|",
     "```\n", "---\n", "ERROR ", "not ", ". ", "A", "\t", "  ", "&a ", "*a", "def f():\n", "é"]
)  # fmt: skip


@pytest.mark.parametrize("type", [*PROCESSORS, "py", "js"])
@given(content=st.lists(ALPHABET, max_size=60).map("".join) | st.text(max_size=100))
def test_any_content_is_survived_and_never_grows(type: str, content: str) -> None:
    processor = get_processor(type)

    assert processor is not None
    assert len(processor.process(content, "x")) <= len(content)
