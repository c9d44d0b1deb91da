from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from tokenpak.errors import ConfigError
from tokenpak.recipes.catalog import built_in_names
from tokenpak.recipes.reader import MAX_BYTES, read_recipe, schema
from tokenpak.recipes.recipe import ACTIONS

ROOT = Path(__file__).parents[2]
HEAD = 'name: x\nversion: "1"\ndescription: d\n'
SEED = """
name: my-recipe
version: "1.0"
description: Custom compression for my workflow

directives:
  - type: text
    action: filter_tokens
    ratio: 0.7

  - type: code
    action: signature_only
    language: [python]
"""


def directive(text: str) -> str:
    return f"{HEAD}directives: [{text}]"


def test_the_smallest_recipe_of_the_docs_is_one() -> None:
    recipe = read_recipe(SEED, "my-recipe.yaml")

    assert recipe.name == "my-recipe"
    assert [type(each).__name__ for each in recipe.directives] == ["FilterTokens", "SignatureOnly"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "a recipe is empty"),
        ("- 1", "a recipe is a list"),
        ("name: [", "cannot be read"),
        ("name: x\nname: y", "key 'name' stands twice"),
        ("[a]: 1", "cannot be read"),
        ("a: &b 1\nc: *b", "aliases"),
        (HEAD + "author: me", "key 'author' is unknown; known: description, directives, name"),
        (HEAD, "missing required field `directives`"),
        (HEAD + "directives: []", "directives: Expected `array` of length >= 1"),
        (HEAD + "directives: [3]", "directives[0] is a number"),
        (directive("{type: text}"), "directives[0] has no action; known: condense, dedup"),
        (directive("{type: text, action: sumarize}"), "directives[0].action 'sumarize' is unknown"),
        (directive("{type: text, action: sumarize}"), "filter_tokens, fold_repeats, keep"),
        (
            directive("{type: text, action: keep, head: 3}"),
            "'directives[0].head' is unknown; known",
        ),
        (
            directive("{type: texts, action: keep}"),
            "directives[0].type: Invalid enum value 'texts'",
        ),
        (directive("{type: texts, action: keep}"), "known: code, json, markdown, system, text"),
        (directive("{type: text, action: filter_tokens, ratio: 1.5}"), "directives[0].ratio"),
        (directive("{type: text, action: filter_tokens, ratio: 0}"), "directives[0].ratio"),
        (directive("{type: text, action: truncate, head: -1}"), "directives[0].head"),
        (directive("{type: text, action: truncate, head: 010}"), "directives[0].head"),
        (directive("{type: code, action: signature_only, preserve_docstrings: yes}"), "got `str`"),
        (directive("{type: tool_call, action: dedup}"), "a tool_call is always kept"),
        (directive("{type: text, action: replace, pattern: '(', with: x}"), "is no pattern"),
        (directive("{type: text, action: replace, pattern: a}"), "with"),
        (HEAD.replace('"1"', "1.0") + "directives: []", "version: Expected `str`"),
        (HEAD.replace("x", "X y") + "directives: []", "name: Expected"),
        ("# " + "x" * MAX_BYTES, "bytes at most"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_recipe(text, "ours.yaml")

    assert str(caught.value).startswith("ours.yaml: ") or "ours.yaml" in str(caught.value)
    assert told in str(caught.value)


def test_plain_words_are_texts() -> None:
    assert (
        read_recipe(SEED.replace("Custom compression for my workflow", "no"), "x").description
        == "no"
    )


def test_the_published_schema_is_that_of_the_code() -> None:
    published = json.loads((ROOT / "docs" / "recipes.schema.json").read_text("utf-8"))

    assert published == schema()
    jsonschema.Draft202012Validator.check_schema(published)


@pytest.mark.parametrize("name", built_in_names())
def test_every_built_in_recipe_fits_the_schema(name: str) -> None:
    path = ROOT / "src" / "tokenpak" / "recipes" / "oss" / f"{name}.yaml"

    jsonschema.validate(yaml.safe_load(path.read_text("utf-8")), schema())


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "text", "action": "sumarize"},
        {"type": "texts", "action": "keep"},
        {"type": "text", "action": "keep", "head": 3},
        {"type": "text", "action": "filter_tokens", "ratio": 2},
        {"action": "keep"},
    ],
)
def test_the_schema_and_the_reader_refuse_the_same(entry: dict[str, object]) -> None:
    recipe = {"name": "x", "version": "1", "description": "d", "directives": [entry]}

    assert not jsonschema.Draft202012Validator(schema()).is_valid(recipe)
    with pytest.raises(ConfigError):
        read_recipe(json.dumps(recipe), "x.yaml")


def test_the_schema_describes_every_action_for_an_editor() -> None:
    described = {
        each["properties"]["action"]["enum"][0]: each.get("description", "")
        for each in schema()["$defs"].values()
        if "action" in each.get("properties", {})
    }

    assert set(described) == set(ACTIONS)
    assert all(described.values())
