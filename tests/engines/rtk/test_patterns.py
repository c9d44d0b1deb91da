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


@pytest.fixture(params=["re2", "re"])
def engine(request, monkeypatch):
    """Users' patterns run on this engine."""
    if request.param == "re":
        monkeypatch.setitem(sys.modules, "re2", None)
    else:
        pytest.importorskip("re2")
    patterns.compiler.cache_clear()
    patterns._compile.cache_clear()
    yield request.param
    patterns.compiler.cache_clear()
    patterns._compile.cache_clear()


@pytest.mark.parametrize("pattern", [r"(a)\1", "(?<=a)b", "(?<!a)b", "a(?=b)", "(?>a+)b", "a++b"])
def test_what_no_linear_engine_reads_is_refused_by_both(engine, pattern):
    with pytest.raises(ConfigError, match=r"x\[0\]: .* is no pattern: "):
        compiled([pattern], "x", False)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "((a*)*)*b", "(.*a){20}b"])
def test_an_attack_is_refused_or_runs_on_a_linear_engine(engine, pattern):
    text = "a" * 50_000 + "!"
    if engine == "re":
        with pytest.raises(ConfigError, match=r"bound the .*install tokenpak\[re2\]"):
            compiled([pattern], "x", False)
    else:
        assert compiled([pattern], "x", False)[0].search(text) is None


def test_a_plain_pattern_finds_the_same_with_both(engine):
    (pattern,) = compiled([r"(\w+): \d+ failed$"], "x", False)
    found = pattern.search("unit: 3 failed")
    assert found is not None and found.group(1) == "unit"


def test_all_matches_of_a_pattern_that_looks_far_ahead_are_found(engine, monkeypatch):
    monkeypatch.setattr(patterns, "_MAX_READ", 10_000)
    monkeypatch.setattr(patterns, "_WINDOW", 100)
    (pattern,) = compiled(["a.*b|a"], "x", False)
    text = "a ü" * 1_000
    spans = [(each.start(), each.end(), each.group(0)) for each in pattern.finditer(text)]
    assert spans == [(at, at + 1, "a") for at in range(0, 3_000, 3)]


def test_any_of_finds_one_of_several():
    assert any_of(compiled(["a", "b"], "x", True), "xxb")
    assert not any_of(compiled(["a", "b"], "x", True), "xxc")


@pytest.mark.parametrize("vetted", [True, False])
def test_a_replacement_keeps_letters_beyond_ascii(vetted):
    (pattern,) = compiled([r"(\w+)=secret"], "x", vetted)
    assert replaced(pattern, r"\1=…", "ü token=secret, key=secret ß") == "ü token=…, key=… ß"
    assert replaced(pattern, "x", "nothing") == "nothing"
