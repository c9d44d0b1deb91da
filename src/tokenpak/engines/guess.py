"""The language of a text that comes without a name; only where its look leaves no doubt."""

from __future__ import annotations

import re

_SHEBANG = re.compile(
    r"#!.*?(?:/|\s)(?P<name>python|bash|sh|zsh|ksh|node|ruby|php|lua)[\d.]*(?:\s|$)"
)
_BY_SHEBANG = {"node": "javascript", "sh": "bash", "zsh": "bash", "ksh": "bash"}
_MARKDOWN = re.compile(r"^(?:```|~~~|#{2,6} |[-*+] \S|\d+\. |\[[^\]]+\]\(|> )", re.MULTILINE)
_BRACED = re.compile(r"[;{}][ \t]*$", re.MULTILINE)
_HASHED = ("python", "ruby")
_SAMPLE_CHARS = 8_000
_ENOUGH = 3
"""Lines of its kind that a language must show, while no other shows as many."""

_LINES = {
    "python": r"(?:async )?def \w+\(.*|class \w+[^;{]*:|from [\w.]+ import .+"
    r"|import [\w.]+(?: as \w+)?"
    r"|if __name__ == .+|elif .+:|except[^;{]*:|@\w[\w.]*(?:\(.*\))?|self\.\w+ = .+",
    "javascript": r"(?:export )?(?:async )?function\*? ?\w*\(.*|(?:const|let|var) [\w{\[].* = .*"
    r"|import .+ from ['\"].+['\"];?|module\.exports .*|export (?:default|const|class) .+"
    r"|\}\)(?:;|\..*)",
    "typescript": r"(?:export )?(?:interface|type|enum) \w+.*[{=].*|(?:public|private"
    r"|readonly) \w+\??: .+"
    r"|import type .+|(?:export )?(?:const|let) \w+: .+ = .*|\w+\??: (?:string|number|boolean).*;",
    "java": r"package [\w.]+;|import (?:static )?[\w.]+(?:\.\*)?;|(?:public|private"
    r"|protected) .*[{;]"
    r"|@Override.*|System\.out\..*",
    "csharp": r"using [\w.]+;|namespace [\w.]+;?.*|(?:public|private|internal"
    r"|protected) .*(?:[{;]|\))",
    "go": r"package \w+|func (?:\(\w+ \*?\w+\) )?\w+\(.*|\w+(?:, \w+)* := .+"
    r"|type \w+ (?:struct|interface) \{"
    r"|if err != nil \{|defer .+",
    "rust": r"(?:pub(?:\(.*?\))? )?(?:fn|struct|enum|trait|impl|mod)\b.*[{;,(]|use [\w:]+.*;"
    r"|let (?:mut )?\w+.* = .*|#\[[\w(].*\]",
    "c": r"#(?:include|define|ifdef|ifndef|endif|pragma)\b.*|(?:static |const |unsigned )*"
    r"(?:int|void|char|size_t|struct \w+|bool) \*?\w+\(.*|typedef .+",
    "bash": r"(?:if|elif) \[\[? .+|fi|esac|done|for \w+ in .+; do|set -[euxo].*|export \w+=.*"
    r"|echo .+|while .+; do",
    "sql": r"(?:SELECT|INSERT INTO|UPDATE|CREATE (?:TABLE|INDEX|VIEW)|ALTER TABLE|DELETE FROM"
    r"|FROM|"
    r"WHERE|JOIN|LEFT JOIN|GROUP BY|ORDER BY)\b.*",
    "ruby": r"require(?:_relative)? ['\"].+['\"]|def (?:self\.)?\w+[?!]?(?:\(.*\))?|end"
    r"|module [A-Z]\w*"
    r"|attr_\w+ :.+|class [A-Z]\w*(?: < [\w:]+)?",
    "php": r"<\?php.*|\$\w+ = .+;|(?:public |private |protected )?function \w+\(.*"
    r"|use [\w\\]+;|echo .+;",
    "css": r"[.#]?[\w-]+(?:[ ,.:#>][\w\-.#:> ,()]*)? \{|[a-z-]+: [^;{]+;|@(?:media|import"
    r"|font-face)\b.*",
}
_PATTERNS = {
    language: re.compile(rf"^[ \t]*(?:{lines})[ \t]*(?:(?:#|//|--).*)?$", re.MULTILINE)
    for language, lines in _LINES.items()
}


def guess_language(text: str) -> str | None:
    """The language of *text* if it is code as a whole; None for prose, data and in doubt.

    Markdown with code in it is no code: its fences name their languages.
    """
    shebang = _SHEBANG.match(text)
    if shebang:
        return _BY_SHEBANG.get(shebang["name"], shebang["name"])
    sample = text[:_SAMPLE_CHARS]
    if text[:1] in ("{", "[", "<") and not text.startswith("<?php"):
        return None
    lines = sum(1 for line in sample.splitlines() if line.strip())
    if not lines or "```" in sample:
        return None
    counts = {language: len(each.findall(sample)) for language, each in _PATTERNS.items()}
    best = max(counts, key=lambda language: counts[language])
    rivals = [number for language, number in counts.items() if language != best]
    certain = counts[best] >= max(_ENOUGH, lines * 0.02) and counts[best] > max(rivals)
    if not certain or len(_MARKDOWN.findall(sample)) > counts[best]:
        return None
    # What opens comments in one family of languages is code in the other.
    if best in _HASHED and len(_BRACED.findall(sample)) > lines * 0.15:
        return None
    return best
