"""Regular expressions that find the definitions of a language: the fast path, and the fallback
where no grammar is installed.

A pattern is searched after a newline and blanks; its one named group that matches is the kind.
"""

from __future__ import annotations

import re

from tokenpak.symbols.symbol import Outline, Symbol, line_numbers

_MODIFIERS = (
    r"(?:(?:public|private|protected|internal|static|final|abstract|sealed|partial|readonly|async"
    r"|override|virtual|open|data|inline|suspend|fileprivate|mutating|export|default|declare|extern"
    r"|unsafe|const|synchronized|native|required|convenience|class(?=[ ]+(?:func|var)))[ \t]+)*+"
)
_C_NAME = (
    r"(?!(?:return|else|if|for|while|switch|case|typedef|using|new|delete|throw|goto|await)\b)"
    r"[A-Za-z_][\w:<>,*& \t\[\].?]{0,120}?[ \t*&]"
    r"(?!(?:if|for|while|switch|return|catch|sizeof|new|lock|using)\b)"
)
_JAVA_TYPES = (
    r"(?:class|record)[ \t]+(?P<class>\w+)|interface[ \t]+(?P<interface>\w+)"
    r"|enum[ \t]+(?:class[ \t]+)?(?P<enum>\w+)"
)

_SOURCES = {
    "javascript": _MODIFIERS
    + r"(?:class[ \t]+(?P<class>\w+)|function\b[ \t]*\*?[ \t]*(?P<function>[\w$]+)"
    r"|interface[ \t]+(?P<interface>\w+)|enum[ \t]+(?P<enum>\w+)|type[ \t]+(?P<type>\w+)[ \t]*[=<]"
    r"|(?:namespace|module)[ \t]+(?P<module>\w+)"
    r"|(?:const|let|var)[ \t]+(?P<variable>[\w$]+)[ \t]*[=:]"
    r"|(?:get[ \t]+|set[ \t]+|\*[ \t]*)?(?!(?:if|for|while|switch|catch|function|return)\b)"
    r"(?P<method>[\w$#]+)[ \t]*(?:<[^>\n]*>)?\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)[^;{}()\n]*\{)",
    "go": r"(?:func[ \t]+\([^)\n]*\)[ \t]*(?P<method>\w+)|func[ \t]+(?P<function>\w+)"
    r"|type[ \t]+(?:(?P<struct>\w+)(?:\[[^\]\n]*\])?[ \t]+struct\b"
    r"|(?P<interface>\w+)(?:\[[^\]\n]*\])?[ \t]+interface\b|(?P<type>\w+))"
    r"|const[ \t]+(?P<constant>\w+)|var[ \t]+(?P<variable>\w+))",
    "rust": r"(?:pub(?:\([^)\n]*\))?[ \t]+)?(?:default[ \t]+"
    r"|const[ \t]+(?=(?:unsafe|async|fn|extern))"
    r"|async[ \t]+|unsafe[ \t]+|extern[ \t]+\"[^\"\n]*\"[ \t]+)*"
    r"(?:fn[ \t]+(?P<function>\w+)|struct[ \t]+(?P<struct>\w+)|enum[ \t]+(?P<enum>\w+)"
    r"|trait[ \t]+(?P<trait>\w+)|type[ \t]+(?P<type>\w+)|mod[ \t]+(?P<module>\w+)"
    r"|(?:const|static(?:[ \t]+mut)?)[ \t]+(?P<constant>\w+)"
    r"|macro_rules![ \t]*(?P<macro>\w+))",
    "java": r"(?:@\w+(?:\([^)\n]*\))?[ \t]+)*"
    + _MODIFIERS
    + rf"(?:{_JAVA_TYPES}|(?:<[^>\n]*>[ \t]*)?{_C_NAME}(?P<method>\w+)[ \t]*"
    r"\([^;]{0,1000}?\)[^;{}=]{0,200}\{"
    r"|(?P<constructor>[A-Z]\w*)[ \t]*\([^;{}]{0,1000}\)[^;{}=]{0,200}\{)",
    "csharp": r"(?:\[[^\]\n]*\][ \t]*)*"
    + _MODIFIERS
    + rf"(?:{_JAVA_TYPES}|struct[ \t]+(?P<struct>\w+)|namespace[ \t]+(?P<module>[\w.]+)"
    rf"|{_C_NAME}(?P<method>\w+)[ \t]*(?:<[^>\n]*>)?"
    r"\([^;{}]{0,1000}\)[^;{}=]{0,200}(?:\{|=>))",
    "c": r"(?:#[ \t]*define[ \t]+(?P<macro>\w+)"
    r"|(?:typedef[ \t]+)?struct[ \t]+(?P<struct>\w+)\s*[{:]"
    r"|(?:typedef[ \t]+)?enum[ \t]+(?:class[ \t]+)?(?P<enum>\w+)\s*[{:]"
    r"|(?:template[ \t]*<[^\n]*>\s*)?class[ \t]+(?:[A-Z_]+[ \t]+)?(?P<class>\w+)[^;()\n]*\s*\{"
    r"|namespace[ \t]+(?P<module>[\w:]+)"
    r"|typedef[ \t]+[^;{}\n]*?(?P<type>\w+)[ \t]*;"
    rf"|{_C_NAME}(?:\w+::)*(?P<function>~?\w+)[ \t]*\([^;{{}}]{{0,1000}}\)[^;{{}}()=]{{0,200}}\{{)",
    "ruby": r"(?:class[ \t]+(?:\w+::)*(?P<class>[A-Z]\w*)|module[ \t]+(?:\w+::)*(?P<module>\w+)"
    r"|def[ \t]+(?:self\.)?(?P<method>\w+[?!=]?)|(?P<constant>[A-Z][A-Z0-9_]+)[ \t]*=)",
    "php": _MODIFIERS
    + r"(?:class[ \t]+(?P<class>\w+)|interface[ \t]+(?P<interface>\w+)|trait[ \t]+(?P<trait>\w+)"
    r"|enum[ \t]+(?P<enum>\w+)|function[ \t]+&?(?P<function>\w+)|namespace[ \t]+(?P<module>[\w\\]+)"
    r"|const[ \t]+(?:\w+[ \t]+)?(?P<constant>\w+)[ \t]*=)",
    "bash": r"(?:function[ \t]+(?P<function>[\w:.-]+)|(?P<function2>[\w:.-]+)[ \t]*\([ \t]*\)"
    r"|(?:export|readonly|declare(?:[ \t]+-\w+)*)[ \t]+(?P<variable>\w+)=)",
    "kotlin": r"(?:@\w+(?:\([^)\n]*\))?[ \t]+)*"
    + _MODIFIERS
    + r"(?:(?:annotation[ \t]+)?(?:class|object)[ \t]+(?P<class>\w+)"
    r"|enum[ \t]+class[ \t]+(?P<enum>\w+)|(?:fun[ \t]+)?interface[ \t]+(?P<interface>\w+)"
    r"|fun[ \t]+(?:<[^>\n]*>[ \t]*)?(?:[\w<>?,. ]+\.)?(?P<function>\w+)"
    r"|typealias[ \t]+(?P<type>\w+)"
    r"|(?:val|var)[ \t]+(?P<variable>\w+))",
    "swift": r"(?:@\w+(?:\([^)\n]*\))?[ \t]+)*"
    + _MODIFIERS
    + r"(?:(?:class|actor)[ \t]+(?P<class>\w+)|struct[ \t]+(?P<struct>\w+)|enum[ \t]+(?P<enum>\w+)"
    r"|protocol[ \t]+(?P<interface>\w+)|func[ \t]+(?P<function>\w+)|typealias[ \t]+(?P<type>\w+)"
    r"|(?:let|var)[ \t]+(?P<variable>\w+))",
    "sql": r"(?i:create)[ \t]+(?i:or[ \t]+replace[ \t]+|temp(?:orary)?[ \t]+|unique[ \t]+"
    r"|virtual[ \t]+|materialized[ \t]+)*(?:(?i:table)[ \t]+(?i:if[ \t]+not[ \t]+exists[ \t]+)?"
    r"(?P<table>[\w.\"`\[\]]+)"
    r"|(?i:view)[ \t]+(?i:if[ \t]+not[ \t]+exists[ \t]+)?(?P<view>[\w.\"`\[\]]+)"
    r"|(?i:index)[ \t]+(?i:if[ \t]+not[ \t]+exists[ \t]+)?(?P<index>[\w.\"`\[\]]+)"
    r"|(?i:function|procedure|trigger)[ \t]+(?P<function>[\w.\"`\[\]]+)"
    r"|(?i:type|domain)[ \t]+(?P<type>[\w.\"`\[\]]+))",
}
_SOURCES["typescript"] = _SOURCES["tsx"] = _SOURCES["javascript"]
_SOURCES["cpp"] = _SOURCES["c"]

_PATTERNS = {name: re.compile(r"\n[ \t]*+" + source) for name, source in _SOURCES.items()}
_KIND = {"constructor": "method", "function2": "function"}
_COMMENTS = {
    "sql": re.compile(r"--[ \t]*([^\n]+)|/\*+(.{3,600}?)\*/", re.DOTALL),
    **{name: re.compile(r"\n[ \t]*#+[ \t]*([^\n!]+)") for name in ("ruby", "bash")},
}
_C_COMMENTS = re.compile(r"\n[ \t]*+(?:///?!?[ \t]*([^\n]+)|/\*\*?(.{3,600}?)\*/)", re.DOTALL)
_MAX_NOTES = 6000

LANGUAGES = frozenset(_PATTERNS)


def read(text: str, language: str) -> Outline:
    """The definitions that the patterns of *language* find in *text*, and its comments."""
    text = "\n" + text
    names: list[tuple[str, str]] = []
    offsets: list[int] = []
    for match in _PATTERNS[language].finditer(text):
        group = match.lastgroup
        if group is not None:
            names.append((match[group].strip('"`[]'), _KIND.get(group, group)))
            offsets.append(match.start(group))
    lines = line_numbers(text, offsets)
    found = [Symbol(name, kind, line - 1) for (name, kind), line in zip(names, lines, strict=True)]
    return Outline(found, comments(text, language))


def comments(text: str, language: str) -> str:
    """The comments of *text* that stand in lines of their own, up to some thousand characters."""
    taken: list[str] = []
    size = 0
    for match in _COMMENTS.get(language, _C_COMMENTS).finditer(text):
        note = match[match.lastindex] if match.lastindex else ""
        taken.append(note)
        size += len(note)
        if size > _MAX_NOTES:
            break
    return "\n".join(taken)
