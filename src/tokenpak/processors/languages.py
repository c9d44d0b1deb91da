"""Programming languages by the ending of a file, and what their comments and strings look like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_NAMES = {
    "python": "py pyi pyw python",
    "javascript": "js mjs cjs javascript",
    "typescript": "ts mts cts typescript",
    "jsx": "jsx",
    "tsx": "tsx",
    "java": "java",
    "kotlin": "kt kts kotlin",
    "swift": "swift",
    "scala": "scala sc",
    "dart": "dart",
    "csharp": "cs csharp c# c_sharp",
    "c": "c h",
    "cpp": "cc cpp cxx hh hpp hxx c++ cpp",
    "go": "go golang",
    "rust": "rs rust",
    "php": "php",
    "ruby": "rb ruby",
    "bash": "sh bash zsh ksh shell",
    "sql": "sql",
    "lua": "lua",
    "haskell": "hs haskell",
    "css": "css",
    "scss": "scss less",
    "html": "html htm xhtml",
    "xml": "xml svg xsd xsl",
    "toml": "toml",
    "ini": "ini cfg",
    "r": "r",
    "dockerfile": "dockerfile",
    "makefile": "makefile mk",
}
_BY_NAME = {name: language for language, names in _NAMES.items() for name in names.split()}


def language_of(name: str) -> str | None:
    """The language that an ending, a fence or a caller calls *name*; None if it is not known."""
    name = name.lower().lstrip(".")
    return _BY_NAME.get(name, name if name in _NAMES else None)


@dataclass(frozen=True, slots=True)
class Syntax:
    """How to tell comments from what looks like one.

    `scanner` finds in order what counts: a match of its group `comment` is one, any other is a
    literal. Where `unsafe` matches, comments cannot be told with certainty. With `whole_lines`
    only comments that have a line to themselves are certain.
    """

    scanner: re.Pattern[str]
    unsafe: re.Pattern[str] | None = None
    whole_lines: bool = False


# Every alternative begins with a plain character, so that the search skips what begins with no
# such character. What opens and does not close is a literal to the end of its line, or of the
# text if it may span lines: better a comment too many than a string too few.
_DOUBLE = r'"(?:[^"\\\n]|\\[\s\S])*"|"[^\n]*'
_SINGLE = r"'(?:[^'\\\n]|\\[\s\S])*'|'[^\n]*"
_CHARACTER = r"'(?:[^'\\\n]|\\[^\n']{1,10}|\\')'"
_TRIPLE = r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*"{3,5}|"""[\s\S]*'
_TRIPLE_SINGLE = r"'''(?:[^'\\]|\\[\s\S]|'(?!''))*'{3,5}|'''[\s\S]*"
# A string with an expression that holds the same quote (Python 3.12) keeps its line whole.
_F_STRING = (
    r'"(?:(?<=[fFtT]")|(?<=[fFtT][rR]"))(?!"")'
    r'(?:(?:[^"\\\n{]|\\[\s\S]|\{\{|\{(?:[^{}"\n]|\{[^{}"\n]*\})*\})*"|[^\n]*)'
    r"|'(?:(?<=[fFtT]')|(?<=[fFtT][rR]'))(?!'')"
    r"(?:(?:[^'\\\n{]|\\[\s\S]|\{\{|\{(?:[^{}'\n]|\{[^{}'\n]*\})*\})*'|[^\n]*)"
)
_TEMPLATE = (
    r"`(?:[^`\\$]|\\[\s\S]|\$(?!\{)|\$\{(?:[^{}`]|`(?:[^`\\$]|\\[\s\S]|\$(?!\{))*`|\{[^{}`]*\})*\})*`"
    r"|`[\s\S]*"
)
_JS_REGEX = (
    r"/(?![/*])(?:(?<=[(,=:\[!&|?{;\n]/)|(?<=[(,=:\[!&|?{;] /)|(?<=return /))"
    r"(?:\\[^\n]|\[(?:\\[^\n]|[^\]\\\n]){0,200}\]|[^/\\\n\[]){1,300}/"
)
_SLASHES = r"//(?<!:\/\/)(?:\\\r?\n|[^\n])*"
_C_LINE_AND_BLOCK = (_SLASHES, r"/\*[\s\S]*?\*/")
_HASH = r"#[^\n]*"
_HASH_AFTER_SPACE = r"#(?:(?<=\s#)|(?<=^#))[^\n]*"
_HEREDOC = (
    r"<<(?<!<<<)(?!<)[-~]?[ \t]*[\"'\\]?(?P<heredoc>\w+)[^\n]*\n(?:[\s\S]*?\n)?[ \t]*(?P=heredoc)$"
)

# What opens a comment or a literal of several lines and is not closed takes all that follows:
# comments stay, and the search does not run to the end of the text from every such place.
_UNCLOSED = (
    r"/\*[\s\S]*",
    r"<!(?:--|\[CDATA\[)[\s\S]*",
    r"\{-[\s\S]*",
    r"--\[=*\[[\s\S]*",
    r"\[=+\[[\s\S]*",
    r"<<(?!<)[-~]?[\"'\\]?[A-Za-z_]\w*[\"']?$[\s\S]*",
)

_C_LIKE = ((_DOUBLE, _SINGLE), _C_LINE_AND_BLOCK)
_TRIPLED = ((_TRIPLE, _DOUBLE, _SINGLE), _C_LINE_AND_BLOCK)
_SCRIPT = ((_TEMPLATE, _DOUBLE, _SINGLE), _C_LINE_AND_BLOCK, (_JS_REGEX,))

# literals, comments, literals that are looked for only after comments
_PATTERNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "python": ((_TRIPLE, _TRIPLE_SINGLE, _F_STRING, _DOUBLE, _SINGLE), (_HASH,)),
    "javascript": _SCRIPT,
    "typescript": _SCRIPT,
    "jsx": _SCRIPT,
    "tsx": _SCRIPT,
    "java": _TRIPLED,
    "kotlin": _TRIPLED,
    "scala": _TRIPLED,
    "swift": ((r'#{1,4}"[\s\S]*?"#{1,4}|#{1,4}"[\s\S]*', *_TRIPLED[0]), _C_LINE_AND_BLOCK),
    "dart": ((_TRIPLE, _TRIPLE_SINGLE, _DOUBLE, _SINGLE), _C_LINE_AND_BLOCK),
    "csharp": (
        (_TRIPLE, r'"(?:(?<=@")|(?<=@\$"))(?:[^"]|"")*"', _DOUBLE, _CHARACTER),
        _C_LINE_AND_BLOCK,
    ),
    "c": ((*_C_LIKE[0], r"#(?<=^#)[ \t]*include[ \t]*<[^>\n]*>"), _C_LINE_AND_BLOCK),
    "cpp": (
        (
            r'"(?<=R")(?P<raw>[^()\\\s"]{0,16})\([\s\S]*?\)(?P=raw)"|"(?<=R")[\s\S]*',
            *_C_LIKE[0],
            r"#(?<=^#)[ \t]*include[ \t]*<[^>\n]*>",
        ),
        _C_LINE_AND_BLOCK,
    ),
    "go": ((r"`[^`]*`|`[\s\S]*", _DOUBLE, _CHARACTER), _C_LINE_AND_BLOCK),
    "rust": (
        (
            r'"(?<=r#")[\s\S]*?"#|"(?<=r##")[\s\S]*?"##|"(?:(?<=r#")|(?<=r##"))[\s\S]*',
            r'"(?:[^"\\]|\\[\s\S])*"|"[\s\S]*',
            _CHARACTER,
        ),
        _C_LINE_AND_BLOCK,
    ),
    "php": ((_DOUBLE, _SINGLE), (*_C_LINE_AND_BLOCK, r"#(?!\[)[^\n]*")),
    "ruby": ((_DOUBLE, _SINGLE, r"`[^`\n]*`"), (_HASH_AFTER_SPACE,)),
    "bash": (
        (_HEREDOC, r'"(?:[^"\\]|\\[\s\S])*"|"[\s\S]*', r"'[^']*'|'[\s\S]*", r"\\[\s\S]"),
        (_HASH_AFTER_SPACE,),
    ),
    "sql": (
        (
            r"'(?:[^']|'')*'|'[\s\S]*",
            r'"(?:[^"]|"")*"|"[\s\S]*',
            r"`[^`]*`",
            r"\$(?P<tag>\w*)\$[\s\S]*?\$(?P=tag)\$",
        ),
        (r"--[^\n]*", r"/\*[\s\S]*?\*/"),
    ),
    "lua": (
        (r"\[(?P<level>=*)\[[\s\S]*?\](?P=level)\]|\[=*\[[\s\S]*", _DOUBLE, _SINGLE),
        (r"--\[(?P<depth>=*)\[[\s\S]*?\](?P=depth)\]", r"--(?!\[=*\[)[^\n]*"),
    ),
    "haskell": (
        (_DOUBLE, r"'(?<!\w')(?:[^'\\\n]|\\[^'\n]+|\\')'"),
        (r"--+(?![!#$%&*+./<=>?@\\^|~:-])(?<![!#$%&*+./<=>?@\\^|~:]--)[^\n]*", r"\{-[\s\S]*?-\}"),
    ),
    "css": ((r"url\([^)\"']{0,2000}\)", _DOUBLE, _SINGLE), (r"/\*[\s\S]*?\*/",)),
    "scss": ((r"url\([^)\"']{0,2000}\)", _DOUBLE, _SINGLE), _C_LINE_AND_BLOCK),
    "html": ((r"<!\[CDATA\[[\s\S]*?\]\]>",), (r"<!--[\s\S]*?-->",)),
    "xml": ((r"<!\[CDATA\[[\s\S]*?\]\]>",), (r"<!--[\s\S]*?-->",)),
    "toml": ((_TRIPLE, r"'''[\s\S]*?'''|'''[\s\S]*", _DOUBLE, r"'[^'\n]*'|'[^\n]*"), (_HASH,)),
    "ini": ((), (r"#(?<=^#)[^\n]*", r";(?<=^;)[^\n]*")),
    "r": ((r'"(?:[^"\\]|\\[\s\S])*"|"[\s\S]*', r"'(?:[^'\\]|\\[\s\S])*'|'[\s\S]*"), (_HASH,)),
    "dockerfile": ((_HEREDOC,), (_HASH_AFTER_SPACE,)),
    "makefile": ((), (r"#(?<=^#)(?:\\\n|[^\n])*",)),
}
_UNSAFE = {
    "go": r'^import "C"|^\t"C"',  # the comment before it is C that is compiled
    "swift": r"/\*(?:(?!\*/)[\s\S])*/\*",
    "kotlin": r"/\*(?:(?!\*/)[\s\S])*/\*",
    "scala": r"/\*(?:(?!\*/)[\s\S])*/\*",
    "rust": r"/\*(?:(?!\*/)[\s\S])*/\*|r###",
    "dart": r"/\*(?:(?!\*/)[\s\S])*/\*",
    "php": r"\?>\s*\S|<<<",
    "ruby": r"<<[~-]?[\"'A-Z]|%[qQwWiIrxs]?[(\[{<|!/]|^__END__|^=begin",
    "sql": r"\\'|^DELIMITER",
    "haskell": r"\{-(?:(?!-\})[\s\S])*\{-|^[ \t]*>",
    "html": r"(?i)<(?:script|style|pre|textarea|xmp)\b",
    "r": r"[rR][\"']-*[(\[{]",
    "makefile": r"^define\b",
}
_WHOLE_LINES = frozenset("jsx tsx php ruby bash ini dockerfile makefile".split())
COMMENTED = tuple(_PATTERNS)
"""Languages whose comments are known."""


@cache
def syntax_of(language: str) -> Syntax | None:
    """The syntax of *language*; None where its comments are not known."""
    patterns = _PATTERNS.get(language)
    if patterns is None:
        return None
    literals, comments, *late = patterns
    unsafe = _UNSAFE.get(language)
    comment = f"(?P<comment>{'|'.join(comments)})"
    found = [*literals, comment, *(each for patterns in late for each in patterns), *_UNCLOSED]
    return Syntax(
        re.compile("|".join(found), re.MULTILINE),
        re.compile(unsafe, re.MULTILINE) if unsafe else None,
        language in _WHOLE_LINES,
    )
