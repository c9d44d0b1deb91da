"""Shell syntax, as much of it as tells one program of a command line from the next."""

from __future__ import annotations

import re

_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")
_TOKEN = re.compile(
    r"(?P<space>[ \t\r]+|\\\n)"
    r"|(?P<comment>(?<![^\s;&|(])#[^\n]*)"
    r"|(?P<operator>&&|\|\||\|&|;;|[;\n|])"
    r"|(?P<redirect>\d?(?:>>|>&|>\||&>>|&>|<<<|<>|>|<)(?:&?\d+\b|&-)?)"
    r"|(?P<background>&)"
    r"|(?P<paren>[()])"
    r"|(?P<single>'[^']*'?)"
    r"|(?P<double>\"(?:\\.|[^\"\\])*\"?)"
    r"|(?P<escape>\\.)"
    r"|(?P<substitution>\$\()"
    r"|(?P<word>[^\s'\"\\;&|<>()$]+|\$|.)",
    re.DOTALL,
)
_DOUBLE_ESCAPE = re.compile(r"\\([\"\\$`])")


def statements(command: str) -> list[list[list[str]]] | None:
    """The statements of *command*, each the stages of its pipeline, each its words.

    Quotes are taken off, redirections and the bodies of here-documents left out. None if the
    parentheses do not match.
    """
    found: list[list[list[str]]] = [[[]]]
    word: list[str] | None = None
    skip = False  # the next word is the file of a redirection
    command = _without_heredocs(command)
    at = depth = 0

    def add(text: str) -> None:
        nonlocal word
        word = word or []
        word.append(text)

    def end_word() -> None:
        nonlocal word, skip
        if word is not None:
            if not skip:
                found[-1][-1].append("".join(word))
            skip = False
        word = None

    def end_stage() -> None:
        end_word()
        found[-1].append([])

    def end_statement() -> None:
        end_word()
        found.append([[]])

    while at < len(command):
        match = _TOKEN.match(command, at)
        assert match is not None
        kind, text, at = match.lastgroup, match.group(), match.end()
        if kind == "substitution":
            at = _closing(command, at)
            add("$()")
        elif kind == "paren":
            depth += 1 if text == "(" else -1
            end_statement()
        elif kind == "operator" or kind == "background":
            (end_stage if text in ("|", "|&") else end_statement)()
        elif kind == "redirect":
            end_word()
            skip = not re.search(r"&?\d+$|&-$", text) or text[-1] in "<>|"
        elif kind in ("space", "comment"):
            end_word()
        else:
            add(_unquoted(kind, text))
    end_word()
    if depth:
        return None
    filled = ([words for words in stages if words] for stages in found)
    return [stages for stages in filled if stages]


def _unquoted(kind: str | None, text: str) -> str:
    if kind == "single":
        return text[1:].removesuffix("'")
    if kind == "double":
        return _DOUBLE_ESCAPE.sub(r"\1", text[1:].removesuffix('"'))
    return text[1:] if kind == "escape" else text


def _closing(command: str, at: int) -> int:
    """The place behind the parenthesis that closes the one before *at*."""
    depth = 1
    for match in re.compile(r"'[^']*'|\"(?:\\.|[^\"\\])*\"|[()]", re.DOTALL).finditer(command, at):
        depth += {"(": 1, ")": -1}.get(match.group(), 0)
        if depth == 0:
            return match.end()
    return len(command)


def _without_heredocs(command: str) -> str:
    """*command* without the bodies of its here-documents."""
    out: list[str] = []
    lines = iter(command.split("\n"))
    for line in lines:
        out.append(_HEREDOC.sub("", line))
        for _, end in _HEREDOC.findall(line):
            for body in lines:
                if body.strip() == end:
                    break
    return "\n".join(out)
