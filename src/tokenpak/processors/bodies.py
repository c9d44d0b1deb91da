"""Which blocks in braces are the bodies of functions, by what stands before them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tokenpak.processors.blocks import Block, blocks
from tokenpak.processors.cut import Cut
from tokenpak.processors.scanning import Token

_MIN_LINES = 3
"""A block of fewer lines is no longer than the note in its place."""

_NO_NAME = (
    r"(?!(?:if|else|for|foreach|while|switch|catch|with|using|lock|fixed|synchronized|when|until|"
    r"match|return|new|do|try|await|throw|case|in|of|and|or|not|guard|repeat|defer)\b)"
)
_CALLED = rf"(?:^|[\s>\]*&:~.]){_NO_NAME}[\w$#]+\s*(?:<[^(){{}};]*>\s*)?\(\)\s*"
_SCRIPT = (
    rf"=>\s*$|\bfunction\b[^(){{}};=]*\(\)\s*(?::[^{{}};=]*)?$"
    rf"|{_CALLED}(?::[^{{}};=]*)?$|\[\]\s*\(\)\s*$"
)
_AFTER_C = (
    r"(?:(?:const|noexcept(?:\s*\(\))?|override|final|mutable|volatile|try|throw\s*\(\)|&&?"
    r"|__attribute__\s*\(\)|[A-Z_]{3,}+(?:\s*\(\))?|->[\w:<>,\s*&]++)\s*+)*+(?::(?!:)[^;{}=]*)?$"
)
_C = rf"{_CALLED}{_AFTER_C}|\boperator\s*[^\w\s(){{}}]{{1,3}}\s*\(\)\s*{_AFTER_C}"

# The end of a header whose brackets are empty.
_FUNCTIONS = {
    language: re.compile(source)
    for language, source in {
        "javascript": _SCRIPT,
        "typescript": _SCRIPT,
        "jsx": _SCRIPT,
        "tsx": _SCRIPT,
        "java": _CALLED + r"(?:throws\b[^(){};=]*)?$",
        "csharp": _CALLED + r"(?::\s*(?:base|this)\s*\(\)\s*)?$"
        r"|\boperator\s*[^\s(){}]{1,8}\s*\(\)\s*$|(?:^|[\s;}])(?:get|set|init|add|remove)\s*$",
        "dart": _CALLED + r"(?:async\*?|sync\*|:[^{};]*)?\s*$",
        "c": _C,
        "cpp": _C,
        "go": r"\bfunc\b[^{};\n]*(?<!struct)(?<!interface)\s*$",
        "rust": r"\bfn\s+\w+[^{};]*$",
        "swift": r"\b(?:func\b[^{};=()\n]*|init[?!]?\s*(?:<[^<>]*>\s*)?|subscript\s*)\(\)\s*"
        r"(?:async\s*)?(?:re?throws\s*(?:\(\)\s*)?|throws\s*(?:\(\)\s*)?)?(?:->[^{};=\n]*)?"
        r"(?:\s*where\b[^{};=]*)?$|\bdeinit\s*$|\bvar\s+\w+\s*:[^={};\n]+$",
        "kotlin": r"\bfun\b[^{};=()\n]*(?:\(\)[^{};=()\n]*)?\(\)\s*(?::[^{};=\n]*)?"
        r"(?:\s*where\b[^{};=]*)?$|\bconstructor\s*\(\)\s*(?::\s*(?:this|super)\s*\(\)\s*)?$"
        r"|(?:^|\s)init\s*$|(?:^|\s)(?:get|set)\s*\(\)\s*(?::[^{};=\n]*)?$",
        "scala": r"\bdef\b[^{};\n]*=\s*$",
        "php": r"\bfunction\b[^{};=]*\(\)\s*(?:use\s*\(\)\s*)?(?::[^{};=]*)?$",
    }.items()
}
LANGUAGES = tuple(_FUNCTIONS)

# What holds functions rather than being one, also with arguments (`record Point(int x) {`), and
# what makes an object with a body. In C a function may begin with the word `struct`.
_HOLDER = re.compile(
    r"\b(?:class|interface|enum|record|struct|object|trait|protocol|extension|namespace|module)"
    r"\b\s*[\w$:(]|\bnew\b[^(){};]*\(\)\s*$|\bnew\b\s+\w[^{};]*\(\)\s*$"
)
_C_HOLDER = re.compile(r"\b(?:enum|namespace|class)\b\s*\w[^()]*$")
_CONSTRAINTS = re.compile(r"\bwhere\b[^{};]*\Z")
_EMPTY_TYPE = re.compile(r"\b(?:interface|struct)\s*\{\}")
_OBJECT_TYPE = re.compile(r"\)\s*:\s*\{\}[\s\[\]]*\Z")


def bodies(text: str, language: str, tokens: Sequence[Token]) -> list[Cut] | None:
    """A cut for each outermost body of a function in *text*; None if its brackets do not pair."""
    found = blocks(text, tokens, conditions=language in ("c", "cpp", "csharp"))
    if found is None:
        return None
    cuts, line, at = [], 1, 0
    for block in _outermost(found, language, text):
        line += text.count("\n", at, block.start)
        last = line + text.count("\n", block.start, block.end)
        at = block.start
        note = f"{{ /* lines {line}-{last} left out */ }}"
        if last - line + 1 >= _MIN_LINES and len(note) < block.end - block.start:
            cuts.append(Cut(block.start, block.end, note))
    return cuts


def _outermost(found: list[Block], language: str, text: str) -> Iterator[Block]:
    waiting = sorted(found, key=lambda block: block.start, reverse=True)
    while waiting:
        block = waiting.pop()
        if text.find("\n", block.start, block.end) < 0:
            continue
        if is_function(block.header, language):
            yield block
        else:
            waiting += sorted(block.inner, key=lambda block: block.start, reverse=True)


def is_function(header: str, language: str) -> bool:
    """Whether a block with this *header*, its brackets empty, is the body of a function."""
    if language == "go":
        header = _EMPTY_TYPE.sub("any", header)
    elif language in ("typescript", "tsx"):
        header = _OBJECT_TYPE.sub(")", header)
    header = header.rpartition("{}")[2]
    if language == "csharp":
        header = _CONSTRAINTS.sub("", header)
    if language in ("c", "cpp"):
        holds = _C_HOLDER.search(header)
    else:
        holds = _HOLDER.search(header) if language not in ("go", "rust", "swift") else None
    return holds is None and _FUNCTIONS[language].search(header) is not None
