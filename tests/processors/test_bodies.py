from __future__ import annotations

import pytest

from tokenpak.processors.bodies import LANGUAGES, bodies, is_function
from tokenpak.processors.scanning import scan

# Language, headers of functions, headers of what is none; brackets are empty in both.
HEADERS = {
    "javascript": (
        ["function f()", "async function* f() ", "x => ", "() =>", "class A{} f()", "static #a()"],
        ["if ()", "for ()", "class A extends b()", "else", "x = ", "return", "} while ()"],
    ),
    "typescript": (
        ["f(): Promise<void>", "f<T extends object>()", "f(): {}"],
        ["namespace A", "interface A", "enum A", "switch ()"],
    ),
    "java": (
        ["public void f()", "@A() <T> T f() throws X, Y", "Foo()"],
        ["new Foo()", "record A()", "class A", "static", "enum A", "synchronized ()"],
    ),
    "csharp": (
        ["public void F()", "F<T>() where T : class", "public A() : base()", "get", "operator +()"],
        ["class A() : B()", "namespace A", "record A()", "using ()", "new A()"],
    ),
    "c": (["int f()", "static struct a *f()"], ["struct a", "int x[] =", "enum a", "while ()"]),
    "cpp": (
        ["A::A() : a(), b()", "auto f() const noexcept -> int", "bool operator==() const", "~A()"],
        ["class A : public B", "namespace a", "extern \"\"", "struct A", "if ()"],
    ),
    "go": (
        ["func f()", "func (a *A) f() (int, error)", "func f() interface{}"],
        ["type A struct", "type A interface", "if x", "const ()\nvar a = []string"],
    ),
    "rust": (["pub fn f() -> X where T: Fn()", "fn f<'a>()"], ["impl A for B", "match f()"]),
    "php": (["public function f(): ?int", "function () use ()"], ["class A", "foreach ()"]),
    "kotlin": (
        ["override fun f(): Int", "fun <T> A.f()", "constructor()", "init", "get()"],
        ["class A()", "object : A()", "fun f() = when ()", "companion object", "if ()"],
    ),
    "swift": (
        ["func f() async throws -> Int", "init?()", "deinit", "var a: some View"],
        ["class A: B", "extension A where T == B", "guard let a else", "if f()", "protocol A"],
    ),
    "scala": (["def f(): Int =", "private def f ="], ["class A()", "object A", "x match"]),
    "dart": (["void f()", "Future<int> f() async"], ["class A", "if ()", "new A()"]),
}  # fmt: skip


@pytest.mark.parametrize("language", HEADERS)
def test_functions_are_told_by_their_headers(language: str) -> None:
    functions, others = HEADERS[language]

    assert [each for each in functions if not is_function(each + " ", language)] == []
    assert [each for each in others if is_function(each + " ", language)] == []


def test_every_language_has_its_headers() -> None:
    assert {*HEADERS, "jsx", "tsx"} == set(LANGUAGES)


def test_only_outermost_bodies_of_several_lines_go() -> None:
    code = "class A {\n int f() { return 1; }\n int g() {\n  if (aaaaaaaa) {\n   b();\n  }\n }\n}\n"
    cuts = bodies(code, "java", list(scan(code, "java", brackets=True)))

    assert cuts is not None
    assert [(cut.note, code[: cut.start].count("\n")) for cut in cuts] == [
        ("{ /* lines 3-7 left out */ }", 2)
    ]
