from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tokenpak.recipes import Hints, SegmentType, apply, get_recipe, read_recipe
from tokenpak.recipes.recipe import ACTIONS, Recipe
from tokenpak.tokens import count

HEAD = 'name: x\nversion: "1"\ndescription: d\ndirectives:\n'
LONG = "\n".join(f"value_{i} = {i}" for i in range(100))


def recipe(*directives: str) -> Recipe:
    return read_recipe(HEAD + "".join(f"  - {{{each}}}\n" for each in directives), "x.yaml")


def test_directives_apply_one_after_another() -> None:
    both = recipe(
        "type: text, action: replace, pattern: 'value_', with: v",
        "type: text, action: truncate, head: 1, tail: 1",
    )

    assert apply(both, LONG, "text") == "v0 = 0\n[98 lines left out]\nv99 = 99"


def test_keep_ends_the_directives() -> None:
    kept = recipe("type: text, action: keep", "type: text, action: truncate, head: 1, tail: 1")

    assert apply(kept, LONG, "text") is LONG


def test_what_gets_longer_stays() -> None:
    longer = recipe("type: text, action: replace, pattern: value, with: 'something much longer'")

    assert apply(longer, LONG, "text") == LONG


def test_a_fence_stays_around_what_it_holds() -> None:
    cut = recipe("type: code, action: truncate, head: 1, tail: 1")

    shown = apply(cut, f"```python\n{LONG}\n```", "code", Hints(language="python"))

    assert shown == "```python\nvalue_0 = 0\n[98 lines left out]\nvalue_99 = 99\n```"


def test_a_fence_that_is_not_closed_stays_so() -> None:
    cut = recipe("type: code, action: truncate, head: 1, tail: 1")

    shown = apply(cut, f"~~~\n{LONG}", "code")

    assert shown == "~~~\nvalue_0 = 0\n[98 lines left out]\nvalue_99 = 99"


def test_json_stays_json() -> None:
    text = json.dumps(list(range(500)), indent=1)
    cut = recipe(
        "type: json, action: truncate, head: 1, tail: 1", "type: json, action: schema_sample"
    )

    shown = apply(cut, text, "json")

    assert json.loads(shown)[:3] == [0, 1, 2]
    assert len(shown) < 100


_ONE_OF_EACH = [
    recipe(f"type: [text, code, tool_result, system], action: {name}{more}")
    for name in ACTIONS
    for more in [{"limit": ", max_tokens: 30", "replace": ", pattern: 'a.', with: b"}.get(name, "")]
]
_TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            ["error: 7 failed", "def f(a):", "    return a", "# head", "", "the cat is a cat.",
             '{"a": [1, 2]}', "```", "[12 lines left out]", "2026-01-01 10:00:00 INFO x"]
        ),
        max_size=60,
    ).map("\n".join),
)  # fmt: skip


@given(st.sampled_from(_ONE_OF_EACH), _TEXTS, st.sampled_from(["text", "code", "tool_result"]))
def test_no_action_makes_anything_longer_and_each_gives_the_same_twice(
    one: Recipe, text: str, kind: SegmentType
) -> None:
    shown = apply(one, text, kind, Hints(language="python", command="make", role="tool"))

    assert shown == text or count(shown) < count(text)
    assert shown == apply(one, text, kind, Hints(language="python", command="make", role="tool"))


def test_a_recipe_is_applied_as_the_docs_print_it() -> None:
    shown = apply(get_recipe("code-review"), "def f():\n    pass", "code", Hints(language="python"))

    assert shown == "def f():\n    pass"
