"""Outputs of shell commands through the filter of the program that printed them."""

from __future__ import annotations

import re
from typing import NamedTuple

from tokenpak.canonical import Part
from tokenpak.engines.rtk.alarms import speaks_of_failure
from tokenpak.engines.rtk.config import DEFAULT, RtkConfig
from tokenpak.engines.rtk.filtering import AGAIN, apply
from tokenpak.engines.rtk.inforce import catalog_of
from tokenpak.recovery import raw_path
from tokenpak.tokens import count
from tokenpak.toolcall import shell_command

_SHELL = re.compile(r"bash|shell|exec|command|terminal|cmd|script|process", re.IGNORECASE)
# The client's own line above an output: whether the command succeeded is not the filter's to say.
_HEADER = re.compile(r"\A\[(?:exit code -?\d+|running, session ID \d+), [\d.]+s\]\n")
# A fence that may hold an output: other languages are somebody's code.
_FENCE = re.compile(r"^(```+)(?:console|sh|shell|bash|text|txt|log|output|terminal|diff)?[ \t]*$")
_PROMPT = re.compile(r"\A\$ (.+)\n")
ASK = "ask for them if they matter"


class Shown(NamedTuple):
    """A text as it is shown; `keep` says that the whole of it is to be kept, as its marker says."""

    text: str
    keep: bool = False
    filter: str | None = None
    """The filter that shortened it, where it is the output of one command."""


def touches(part: Part, config: RtkConfig) -> bool:
    """Whether filters may change parts like *part*."""
    if not config.enabled:
        return False
    if part.kind == "tool_result":
        return config.apply_to_tool_results and _command(part) is not None
    if part.kind != "text":
        return False
    agent = part.role == "assistant"
    return config.apply_to_assistant_messages if agent else config.apply_to_code_blocks


def filtered(
    text: str,
    part: Part,
    raw_folder: str | None,
    config: RtkConfig = DEFAULT,
    filter_set: str = "",
    *,
    known_only: bool = False,
    at_least: int = 0,
) -> Shown:
    """*text* of *part* without what nobody needs of it; itself where `touches` says no.

    A line at the end says how many lines were left out, and how to see them: in *raw_folder*, or
    where the client cannot read that, by running the command again. *filter_set* is the digest of
    the filters in force. Outputs of less than *at_least* characters stay, and with *known_only*
    those of programs without a filter.
    """
    if not touches(part, config):
        return Shown(text)
    if len(text) < at_least:
        return Shown(text)
    keep = raw_folder is not None and _is_kept(text, config)
    where = f"whole text in {raw_path(raw_folder, text)}" if keep and raw_folder else None
    name = None
    if part.kind == "text":
        shown = _fenced(text, where or ASK, config, filter_set)
    else:
        header = _HEADER.match(text)
        start = header.end() if header else 0
        catalog = catalog_of(filter_set)
        found = apply(
            text[start:],
            _command(part),
            catalog=catalog,
            where=where or AGAIN,
            config=config,
            known_only=known_only,
        )
        shown, name = text[:start] + found.text, found.filter
    if where and shown != text:
        shown = pointing(shown, text, where)
    return Shown(shown, keep and shown != text, name)


def pointing(shown: str, text: str, where: str) -> str:
    """*shown* with *where* in it, if it has fewer lines than *text*, which then must be named."""
    if where in shown or _lines(shown) >= _lines(text):
        return shown
    named = f"{shown}\n[{where}]"
    return named if count(named) < count(text) else text


def _lines(text: str) -> int:
    return sum(1 for line in text.split("\n") if line.strip())


def _command(part: Part) -> str | None:
    """The command whose output *part* is; None if a shell did not print it."""
    if part.tool is None or not _SHELL.search(part.tool):
        return None
    return shell_command(part.call)


def _is_kept(text: str, config: RtkConfig) -> bool:
    if config.raw_output_retention == "never":
        return False
    if len(text.encode("utf-8", "surrogatepass")) > config.raw_output_max_bytes:
        return False
    return config.raw_output_retention == "always" or speaks_of_failure(text)


def _fenced(text: str, where: str, config: RtkConfig, filter_set: str) -> str:
    """*text* with the outputs between its fences filtered, where it is plain whose they are."""
    out: list[str] = []
    block: list[str] = []
    fence = ""
    for line in text.split("\n"):
        if not fence:
            out.append(line)
            opening = _FENCE.match(line)
            fence = opening[1] if opening else ""
        elif line.rstrip() == fence:
            out += [_block("\n".join(block), where, config, filter_set), line]
            block, fence = [], ""
        else:
            block.append(line)
    return "\n".join([*out, *block])


def _block(text: str, where: str, config: RtkConfig, filter_set: str) -> str:
    """One output; a first line like `$ make` names its command, and stays."""
    prompt = _PROMPT.match(text)
    start = prompt.end() if prompt and "\n$ " not in text else 0
    command = prompt[1] if prompt and start else None
    found = apply(text[start:], command, catalog=catalog_of(filter_set), where=where, config=config)
    return text[:start] + found.text if found.filter != "generic" else text
