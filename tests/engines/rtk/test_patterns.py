from __future__ import annotations

import sys

import pytest

from tokenpak.engines.rtk import patterns
from tokenpak.engines.rtk.patterns import any_of, compiled, replaced
from tokenpak.errors import ConfigError


@pytest.mark.parametrize("vetted", [True, False])
def test_a_pattern_that_is_none_is_named_with_its_place(vetted):
    with pytest.raises(ConfigError, match=r"a\.yaml: x\.drop\[1\]: '\('"):
        compiled(["a", "("], "a.yaml: x.drop", vetted)


def test_users_patterns_that_could_take_forever_are_refused_without_re2(monkeypatch):
    monkeypatch.setitem(sys.modules, "re2", None)
    patterns.compiler.cache_clear()
    patterns._compile.cache_clear()
    try:
        with pytest.raises(ConfigError, match="repeats a repetition"):
            compiled(["(a+)+$"], "x", False)
        assert any_of(compiled(["^a+b"], "x", False), "aab")
    finally:
        patterns.compiler.cache_clear()
        patterns._compile.cache_clear()


def test_any_of_finds_one_of_several():
    assert any_of(compiled(["a", "b"], "x", True), "xxb")
    assert not any_of(compiled(["a", "b"], "x", True), "xxc")


@pytest.mark.parametrize("vetted", [True, False])
def test_a_replacement_keeps_letters_beyond_ascii(vetted):
    (pattern,) = compiled([r"(\w+)=secret"], "x", vetted)
    assert replaced(pattern, r"\1=…", "ü token=secret, key=secret ß") == "ü token=…, key=… ß"
    assert replaced(pattern, "x", "nothing") == "nothing"
