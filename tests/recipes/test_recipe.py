from __future__ import annotations

from tokenpak.recipes.lines import Keep, Truncate
from tokenpak.recipes.recipe import ACTIONS, Recipe, digest


def recipe(*directives: object) -> Recipe:
    return Recipe(name="a", version="1", description="d", directives=directives)  # type: ignore[arg-type]


def test_every_action_is_known_by_its_tag() -> None:
    promised = (
        "signature_only keep_headers filter_tokens filter_sentences schema_sample truncate keep "
        "drop_comments normalize_whitespace dedup fold_repeats strip_ansi limit replace"
    )

    assert set(promised.split()) <= set(ACTIONS)
    assert all(each.__struct_config__.tag == name for name, each in ACTIONS.items())


def test_the_digest_follows_from_what_the_recipe_says() -> None:
    one = recipe(Truncate(type="text", head=3))

    assert digest(one) == digest(recipe(Truncate(type="text", head=3)))
    assert digest(one) != digest(recipe(Truncate(type="text", head=4)))
    assert digest(one) != digest(recipe(Keep(type="text")))
