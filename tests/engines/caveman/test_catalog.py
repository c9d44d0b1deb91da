from __future__ import annotations

from tokenpak.engines.caveman import built_in, packs, read_pack, rules, shorten, with_packs

OWN = """
language: en
rules:
  - {name: please, category: filler, find: pretty please}
  - {name: jargon, category: phrase, find: leverage, to: use}
"""


def test_english_has_45_rules_and_every_other_language_20() -> None:
    counts = {each.language: each.rule_count for each in packs().packs}

    assert counts.pop("en") >= 45
    assert min(counts.values()) >= 20
    assert len(counts) == 7


def test_the_listing_names_every_rule_once_a_language() -> None:
    listed = [(each.language, each.name) for each in rules()]

    assert len(listed) == len(set(listed)) == sum(each.rule_count for each in packs().packs)
    assert all(each.description and each.intensities[-1] == "ultra" for each in rules())


def test_rules_of_ones_own_join_and_replace() -> None:
    joined = with_packs([read_pack(OWN, "own.yaml")])
    made = shorten("Please leverage the lock of the file in the server.", packs=joined).text

    assert "Please use" in made
    assert len(joined) == len(built_in())


def test_phrases_of_ones_own_are_found_where_words_have_no_blanks() -> None:
    own = "language: zh\nscript: han\nrules:\n  - {name: x, category: filler, find: 顺便说一下，}\n"
    text = "这个文件顺便说一下，不能删除，因为它是必要的。"

    assert "顺便说一下" in shorten(text).text
    assert "顺便说一下" not in shorten(text, packs=with_packs([read_pack(own, "own.yaml")])).text
