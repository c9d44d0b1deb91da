from __future__ import annotations

import json

import pytest
import yaml

from tokenpak.recipes import documents
from tokenpak.recipes.directive import Hints

NONE = Hints()
PROSE = (
    "The cache is a part of the system that is there for the reason that it is fast. It is the "
    "place in which the results are. You must never store 12 passwords in it, unless they are "
    "hashed. This is a thing that the team has thought about. It is quite nice that it is so."
)


def test_filter_tokens_drops_words_without_meaning_and_no_duty_or_figure() -> None:
    shown = documents.FilterTokens(type="text", ratio=0.6).run(PROSE, NONE)

    assert len(shown) < len(PROSE)
    for each in ("cache", "must never", "12 passwords", "unless", "hashed"):
        assert each in shown


def test_filter_sentences_keeps_what_binds_and_says_what_is_missing() -> None:
    shown = documents.FilterSentences(type="text", ratio=0.3).run(PROSE, NONE)

    assert "You must never store 12 passwords in it, unless they are hashed." in shown
    assert "quite nice" not in shown and "left out" in shown


DOCUMENT = """Intro line.

# Title

Body text
of two lines.

## Part

You must not do this.

```
# no heading
```

#### Deep

More text.
"""


def test_keep_headers_keeps_headings_to_the_depth_and_what_binds() -> None:
    shown = documents.KeepHeaders(type="markdown", max_depth=2).run(DOCUMENT, NONE)

    assert shown.startswith("Intro line.\n\n# Title\n[4 lines left out]\n## Part\n")
    assert "You must not do this." in shown
    assert "no heading" not in shown and "Deep" not in shown and "lines left out" in shown


def test_a_document_without_headings_stays() -> None:
    assert documents.KeepHeaders(type="markdown").run("- a\n- b\n", NONE) == "- a\n- b\n"


@pytest.mark.parametrize("samples", [1, 5])
def test_schema_sample_keeps_every_key_and_json_stays_json(samples: int) -> None:
    text = json.dumps({"items": [{"id": i, "name": f"n{i}"} for i in range(50)], "total": 50})

    shown = json.loads(documents.SchemaSample(type="json", samples=samples).run(text, NONE))

    assert shown["total"] == 50
    assert shown["items"][:samples] == [{"id": i, "name": f"n{i}"} for i in range(samples)]
    assert len(shown["items"]) == samples + 1


def test_schema_sample_leaves_yaml_valid() -> None:
    text = "items:\n" + "".join(f"  - id: {i}\n" for i in range(40)) + "total: 40\n"

    shown = documents.SchemaSample(type="code", samples=2).run(text, Hints(language="yaml"))

    assert yaml.safe_load(shown)["total"] == 40
    assert len(yaml.safe_load(shown)["items"]) == 2


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("<html><style>p{color:red}</style><body><p>Hello you</p></body></html>", NONE),
        ("name,n\n" + "".join(f"a{i},{i}\n" for i in range(90)), Hints(path="a.csv")),
        ("\n".join(f"2026-01-01 10:00:{i % 60:02} INFO step {i} done" for i in range(90)), NONE),
    ],
)
def test_condense_finds_the_format_by_itself(text: str, hints: Hints) -> None:
    assert len(documents.Condense(type="text").run(text, hints)) < len(text) // 2


def test_condense_leaves_what_it_does_not_know() -> None:
    assert (
        documents.Condense(type="text").run("x = 1;\n" * 30, Hints(path="a.zig")) == "x = 1;\n" * 30
    )
