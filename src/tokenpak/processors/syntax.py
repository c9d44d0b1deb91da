"""What comments and strings look like in each language, as regular expressions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import count


@dataclass(frozen=True, slots=True)
class Syntax:
    """How to tell comments from what looks like one.

    `scanner` finds in order what counts. Its group `comment` is a comment, `nested` opens one
    that may hold others, `open` a string with holes for code (which `hole` opens), `heredoc` a
    document that ends with its `word`. What is `unclosed…` has no end, `regex` opens a literal
    only where a value may begin; any other match is a literal. `bracketed` finds brackets, too.
    Where `unsafe` matches, comments cannot be told with certainty. With `whole_lines` only
    comments that have a line to themselves are certain.
    """

    scanner: re.Pattern[str]
    bracketed: re.Pattern[str]
    hole: str
    unsafe: re.Pattern[str] | None
    whole_lines: bool


# Every alternative begins with a plain character, so that the search skips what begins with no
# such character. What opens and does not close is a literal to the end of its line, or of the
# text if it may span lines: better a comment too many than a string too few.
_DOUBLE = r'"(?:[^"\\\n]|\\[\s\S])*+"|"[^\n]*'
_SINGLE = r"'(?:[^'\\\n]|\\[\s\S])*+'|'[^\n]*"
_DOUBLE_LINES = r'"(?:[^"\\]|\\[\s\S])*+"|(?P<unclosed>"[\s\S]*)'
_SINGLE_LINES = r"'(?:[^'\\]|\\[\s\S])*+'|(?P<unclosed>'[\s\S]*)"
_CHARACTER = r"'(?:[^'\\\n]|\\[^\n']{1,10}|\\')'"
_TRIPLE = r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*+"{3,5}|(?P<unclosed>"""[\s\S]*)'
_TRIPLE_SINGLE = r"'''(?:[^'\\]|\\[\s\S]|'(?!''))*+'{3,5}|(?P<unclosed>'''[\s\S]*)"
# Quotes after a letter are apostrophes (in JSX, in a message of #error) or separate digits.
_APOSTROPHE_AWARE = r"'(?:(?<!\w')|(?<=\b[LuU]')|(?<=\bu8'))" + _SINGLE[1:].partition("|'")[0]
_AFTER_KEYWORD = "|".join(
    rf"(?<=\b{word}')"
    for word in "return case typeof in of from else import export default await yield throw".split()
)
_JS_SINGLE = rf"'(?:(?<!\w')|{_AFTER_KEYWORD})(?:(?:[^'\\\n]|\\[\s\S])*+'|[^\n]*)"
_REGEX = r"(?P<regex>/(?![/*]))"
_SLASHES = r"//(?<!:\/\/)[^\n]*"
_C_SLASHES = r"//(?<!:\/\/)(?:\\\r?\n|[^\n])*"  # a backslash continues the comment
_BLOCK = r"/\*[\s\S]*?\*/"
_NESTED = r"(?P<nested>/\*)"
_HASH = r"#[^\n]*"
_HASH_AFTER_SPACE = r"#(?:(?<=\s#)|(?<=^#))[^\n]*"
_HEREDOC = r"(?P<heredoc><<(?<!<<<)(?!<)[-~]?[ \t]*[\"'\\]?(?P<word>[A-Za-z_]\w*)[\"']?[^\n]*\n)"
_RUBY_HEREDOC = r"(?P<heredoc><<[-~]?[\"'`]?(?P<word>[A-Z_]\w*)[\"'`]?[^\n]*\n)"
_PHP_HEREDOC = r"(?P<heredoc><<<[ \t]*[\"']?(?P<word>[A-Za-z_]\w*)[\"']?[ \t]*\r?\n)"
# A string without holes is matched whole; else `open` hands it over.
_PLAIN_DOUBLE = {
    hole: rf'"(?!"")(?:[^"\\\n{hole[0]}]|\\(?!\()[\s\S]|\{hole[0]}(?!\{hole[1]}))*+"'
    for hole in ("${", "#{")
}
_PLAIN_SWIFT = r'"(?!"")(?:[^"\\\n]|\\[^\n(])*+"'
_TICKS = r"`(?:[^`\\$]|\\[\s\S]|\$(?!\{))*+`"

# What opens a comment or a literal of several lines and is not closed takes all that follows:
# comments stay, and the search does not run to the end of the text from every such place.
_UNCLOSED_GROUP = re.compile(r"\(\?P<unclosed>")
# By what the comments of a language open with.
_UNCLOSED = {
    r"/\*[": r"(?P<unclosed>/\*[\s\S]*)",
    r"<!--": r"(?P<unclosed><!(?:--|\[CDATA\[)[\s\S]*)",
    r"\{-": r"(?P<unclosed>\{-[\s\S]*)",
    r"--\[": r"(?P<unclosed>--\[=*\[[\s\S]*)",
}

_SCRIPT = (
    (_TICKS, r"(?P<open>`)", _DOUBLE, _JS_SINGLE),
    (_SLASHES, _BLOCK),
    (_REGEX,),
)
_JVM = ((_PLAIN_DOUBLE["${"], r'(?P<open>"""|")', _CHARACTER), (_SLASHES, _NESTED))
_C = (
    (_DOUBLE, _APOSTROPHE_AWARE, r"#(?<=^#)[ \t]*include[ \t]*<[^>\n]*>"),
    (_C_SLASHES, _BLOCK),
)
_RAW_CPP = r'"(?<=R")(?P<raw>[^()\\\s"]{0,16})\([\s\S]*?\)(?P=raw)"|(?P<unclosed>"(?<=R")[\s\S]*)'

# literals, comments, literals that are looked for only after comments
_PATTERNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "python": (
        (
            # A string with an expression may hold the same quote in it (Python 3.12).
            r'(?P<open>"(?:(?<=[fFtT]")|(?<=[fFtT][rR]"))(?:"")?'
            r"|'(?:(?<=[fFtT]')|(?<=[fFtT][rR]'))(?:'')?)",
            _TRIPLE,
            _TRIPLE_SINGLE,
            _DOUBLE,
            _SINGLE,
        ),
        (_HASH,),
    ),
    "javascript": _SCRIPT,
    "typescript": _SCRIPT,
    "jsx": _SCRIPT,
    "tsx": _SCRIPT,
    "java": ((_TRIPLE, _DOUBLE, _CHARACTER), (_SLASHES, _BLOCK)),
    "kotlin": _JVM,
    "scala": _JVM,
    "swift": (
        (
            r'#(?P<hashes>#{0,3})"[\s\S]*?"#(?P=hashes)|(?P<unclosed>#{1,4}"[\s\S]*)',
            _PLAIN_SWIFT,
            r'(?P<open>"""|")',
        ),
        (_SLASHES, _NESTED),
    ),
    "dart": (
        (_PLAIN_DOUBLE["${"], r"(?P<open>\"\"\"|'''|\"|')"),
        (_SLASHES, _NESTED),
    ),
    "csharp": (
        (
            r'"(?:(?<=@")|(?<=@\$"))(?:[^"]|"")*+"',
            r'(?P<quotes>"{3,8}+)(?!")[\s\S]*?(?P=quotes)"*|(?P<unclosed>"{3}[\s\S]*)',
            r'(?P<open>"(?<=\$"))',
            _DOUBLE,
            _CHARACTER,
        ),
        (_SLASHES, _BLOCK),
    ),
    "c": _C,
    "cpp": ((_RAW_CPP, *_C[0]), _C[1]),
    "go": ((r"`[^`]*`|(?P<unclosed>`[\s\S]*)", _DOUBLE, _CHARACTER), (_SLASHES, _BLOCK)),
    "rust": (
        (
            r'r(?:(?<!\wr)|(?<=\b[bc]r))(?P<hashes>#{0,16})"[\s\S]*?"(?P=hashes)',
            r'(?P<unclosed>r(?:(?<!\wr)|(?<=\b[bc]r))#*"[\s\S]*)',
            _DOUBLE_LINES,
            _CHARACTER,
        ),
        (_SLASHES, _NESTED),
    ),
    "php": (
        (
            # What stands outside of the tags is no code.
            r"\?>[\s\S]*?(?:<\?(?:php|=)|\Z)",
            _PHP_HEREDOC,
            _DOUBLE_LINES,
            _SINGLE_LINES,
            r"`[^`]*`",
        ),
        (r"//(?:(?!\?>)[^\n])*", _BLOCK, r"#(?!\[)(?:(?!\?>)[^\n])*"),
    ),
    "ruby": (
        (
            _RUBY_HEREDOC,
            r"%[qQwWiIrxs](?:\[[^\]]*\]|\([^)]*\)|\{[^}]*\}|<[^>]*>|\|[^|]*\||![^!]*!|/[^/]*/)",
            r"(?P<unclosed>%[qQwWiIrxs][\[({<|!/][\s\S]*)",
            r"\?(?<![\w)\]}]\?)[\"'#/`](?!\w)",
            r"\$[\"'`/]",
            r"^__END__$[\s\S]*",
            _PLAIN_DOUBLE["#{"],
            r'(?P<open>["`])',
            _SINGLE_LINES,
        ),
        (_HASH_AFTER_SPACE, r"^=begin\b[\s\S]*?^=end\b[^\n]*"),
        (r"(?P<unclosed>^=begin\b[\s\S]*)", _REGEX),
    ),
    "bash": (
        (
            _HEREDOC,
            r'"(?:[^"\\`$]|\\[\s\S]|\$(?!\())*+"',
            r'(?P<open>")',
            r"'(?<=\$')(?:[^'\\]|\\[\s\S])*+'",
            r"'[^']*'|(?P<unclosed>'[\s\S]*)",
            r"\\[\s\S]",
        ),
        (_HASH_AFTER_SPACE,),
    ),
    "sql": (
        (
            r"'(?:[^']|'')*+'|(?P<unclosed>'[\s\S]*)",
            r'"(?:[^"]|"")*+"|(?P<unclosed>"[\s\S]*)',
            r"`[^`]*`|(?P<unclosed>`[\s\S]*)",
            r"\$(?P<tag>[A-Za-z_]?\w{0,60})\$[\s\S]*?\$(?P=tag)\$|(?P<unclosed>\$[A-Za-z_]?\w{0,60}\$[\s\S]*)",
        ),
        (r"--[^\n]*", _BLOCK),
    ),
    "lua": (
        (
            r"\[(?P<level>={0,8})\[[\s\S]*?\](?P=level)\]|(?P<unclosed>\[=*\[[\s\S]*)",
            _DOUBLE,
            _SINGLE,
        ),
        (r"--\[(?P<depth>={0,8})\[[\s\S]*?\](?P=depth)\]", r"--(?!\[=*\[)[^\n]*"),
    ),
    "haskell": (
        (_DOUBLE, r"'(?<!\w')(?:[^'\\\n]|\\[^'\n]+|\\')'"),
        (r"--+(?![!#$%&*+./<=>?@\\^|~:-])(?<![!#$%&*+./<=>?@\\^|~:]--)[^\n]*", r"\{-[\s\S]*?-\}"),
    ),
    "css": ((r"url\([^)\"']{0,2000}\)", _DOUBLE, _SINGLE), (_BLOCK,)),
    "scss": ((r"url\([^)\"']{0,2000}\)", _DOUBLE, _SINGLE), (_SLASHES, _BLOCK)),
    "html": ((r"<!\[CDATA\[[\s\S]*?\]\]>",), (r"<!--[\s\S]*?-->",)),
    "xml": ((r"<!\[CDATA\[[\s\S]*?\]\]>",), (r"<!--[\s\S]*?-->",)),
    "toml": (
        (_TRIPLE, r"'''[\s\S]*?'''|(?P<unclosed>'''[\s\S]*)", _DOUBLE, r"'[^'\n]*'|'[^\n]*"),
        (_HASH,),
    ),
    "ini": ((), (r"#(?<=^#)[^\n]*", r";(?<=^;)[^\n]*")),
    "r": ((_DOUBLE_LINES, _SINGLE_LINES), (_HASH,)),
    "dockerfile": ((_HEREDOC,), (_HASH_AFTER_SPACE,)),
    "makefile": ((), (r"#(?<=^#)(?:\\\n|[^\n])*",)),
}
_HOLES = {
    **dict.fromkeys(("javascript", "typescript", "jsx", "tsx", "kotlin", "scala", "dart"), "${"),
    "python": "{",
    "csharp": "{",
    "swift": "\\(",
    "ruby": "#{",
    "bash": "$(",
}
_BRACKET = r"(?P<bracket>[()\[\]{};])"
# The brackets of a macro need not balance.
_MACROS = dict.fromkeys(("c", "cpp"), (r"#(?<=^#)[ \t]*define\b(?:\\\r?\n|[^\n])*",))
_UNSAFE = {
    "go": r'^import "C"|^\t"C"',  # the comment before it is C that is compiled
    "ruby": r"%[(\[{<|!/]",
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
    number = count()
    nested = [each for each in comments if each == _NESTED]
    comment = f"(?P<comment>{'|'.join(each for each in comments if each != _NESTED)})"
    open_ended = [
        found
        for opening, found in _UNCLOSED.items()
        if any(c.startswith(opening) for c in comments)
    ]
    parts = [*literals, comment, *nested, *(each for group in late for each in group), *open_ended]
    # A name may stand in a pattern only once.
    found = [_UNCLOSED_GROUP.sub(lambda _: f"(?P<unclosed{next(number)}>", each) for each in parts]
    unsafe = _UNSAFE.get(language)
    return Syntax(
        re.compile("|".join(found), re.MULTILINE),
        re.compile("|".join([*_MACROS.get(language, ()), *found, _BRACKET]), re.MULTILINE),
        _HOLES.get(language, ""),
        re.compile(unsafe, re.MULTILINE) if unsafe else None,
        language in _WHOLE_LINES,
    )
