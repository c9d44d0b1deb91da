from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.processors.scanning import scan
from tokenpak.processors.syntax import commented


def found(text: str, language: str, *, brackets: bool = False) -> list[tuple[str, str]]:
    return [(kind, text[start:end]) for start, end, kind in scan(text, language, brackets=brackets)]


# Language, source, its literals and comments.
SOURCES = [
    ("python", "f'{a['#']}' # b", ["literal f'{a['#']}'", "comment # b"]),
    ("python", "f'{a:#x}' # b", ["literal f'{a:#x}'", "comment # b"]),
    ("python", "f'{{#' # b", ["literal f'{{#'", "comment # b"]),
    ("javascript", "a = b / c // d\n/ e", ["comment // d"]),
    ("javascript", "return /[/'\"]/g // a", ["literal /[/'\"]/g", "comment // a"]),
    ("javascript", "`${`${'`'}`}` // a", ["literal `${`${'`'}`}`", "comment // a"]),
    ("javascript", "// a \\\n'b'", ["comment // a \\", "literal 'b'"]),
    ("tsx", "<p>don't</p> // a", ["comment // a"]),
    ("c", "// a \\\nb\n'c'", ["comment // a \\\nb", "literal 'c'"]),
    ("cpp", "1'000 + R\"x(\")x\" // a", ['literal "x(")x"', "comment // a"]),
    ("rust", "/* /* */ */ r##\"\"#\"## 'a", ["comment /* /* */ */", 'literal r##""#"##']),
    ("swift", '"\\(f("a"))" // b', ['literal "\\(f("a"))"', "comment // b"]),
    ("kotlin", '"${f("a // b")}" // c', ['literal "${f("a // b")}"', "comment // c"]),
    ("csharp", '$"{a["b"]}" // c', ['literal "{a["b"]}"', "comment // c"]),
    ("ruby", '"#{a["b"]}" %w[# a]', ['literal "#{a["b"]}"', "literal %w[# a]"]),
    ("ruby", "f(<<~A)\n # b\nA\n# c", ["literal <<~A)\n # b\nA", "comment # c"]),
    ("bash", '"$(a "b" )" # c', ['literal "$(a "b" )"', "comment # c"]),
    ("bash", "cat <<'E'\n# a\n E\nE\n# b", ["literal <<'E'\n# a\n E\nE", "comment # b"]),
    ("php", "<?php // b ?> '<?php # d", ["comment // b ", "literal ?> '<?php", "comment # d"]),
    ("php", "<<<A\n// b\nA; // c", ["literal <<<A\n// b\nA", "comment // c"]),
    ("sql", "$a$ -- b $a$ -- c", ["literal $a$ -- b $a$", "comment -- c"]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), SOURCES)
def test_literals_and_comments_are_told_apart(
    language: str, text: str, expected: list[str]
) -> None:
    assert [f"{kind} {said.lstrip('$@fR')}" for kind, said in found(text, language)] == [
        f"{each.partition(' ')[0]} {each.partition(' ')[2].lstrip('$@fR')}" for each in expected
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("javascript", "/* a"), ("javascript", "`a"), ("javascript", "`${"), ("python", '"""a'),
        ("rust", "/* /* */"), ("bash", "<<A\nb"), ("bash", '"$(a'), ("go", "`a"), ("sql", "'a"),
    ],
)  # fmt: skip
def test_what_has_no_end_ends_the_scan(language: str, text: str) -> None:
    assert found(f"{text} b\n// c\n# d", language)[-1][0] == "unclosed"


def test_brackets_are_told_outside_of_literals() -> None:
    said = [said for kind, said in found("f('(') { /* [ */ }", "javascript", brackets=True)]

    assert said == ["(", "'('", ")", "{", "/* [ */", "}"]


@pytest.mark.parametrize("language", commented())
@given(text=st.text("\"'`#/*\\\n x-{}$(<>[]=!%@rR_EA", max_size=40))
def test_tokens_stand_in_order_and_inside_of_the_text(language: str, text: str) -> None:
    at = 0
    for start, end, _ in scan(text, language, brackets=True):
        assert at <= start < end <= len(text)
        at = end
