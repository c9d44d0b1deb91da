"""Outputs of shell commands through the filter of the program that printed them."""

from __future__ import annotations

import re

from tokenpak.canonical import Part
from tokenpak.engines.rtk.filtering import AGAIN, apply
from tokenpak.recovery import raw_path
from tokenpak.toolcall import shell_command

_SHELL = re.compile(r"bash|shell|exec|command|terminal|cmd|script|process", re.IGNORECASE)
# The client's own line above an output: whether the command succeeded is not the filter's to say.
_HEADER = re.compile(r"\A\[(?:exit code -?\d+|running, session ID \d+), [\d.]+s\]\n")


def filtered(text: str, part: Part, raw_folder: str | None) -> str:
    """*text* of *part* without what nobody needs of it; itself where *part* is no shell output.

    A line at the end says how many lines were left out, and how to see them: in *raw_folder*, or
    where the client cannot read that, by running the command again.
    """
    command = shell_command(part.call)
    if command is None or part.tool is None or not _SHELL.search(part.tool):
        return text
    header = _HEADER.match(text)
    start = header.end() if header else 0
    where = f"whole text in {raw_path(raw_folder, text)}" if raw_folder is not None else AGAIN
    return text[:start] + apply(text[start:], command, where=where).text
